using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>Thousands of requests that mean nothing, always the same ones; afterwards the agent works as before.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_124;

    private static readonly string[] s_methods =
        ["List", "Start", "Connect", "Update", "SendInput", "StreamInput", "SendSignal", "CloseStdin", "Nothing"];

    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-1", "1e999", "99999999999999999999", "\"process\"", "\"cmd\"", "\"pid\"", "\"tag\"",
        "\"args\"", "\"envs\"", "\"pty\"", "\"size\"", "\"cols\"", "\"input\"", "\"stdin\"", "\"signal\"", "\"SIGNAL_SIGKILL\"", "\"flourisha\"", "\"offset\"", "\"AAAA\"", "\"=\"", "\"../\"", " ", "\n",
    ];

    [Fact]
    public async Task Frames_that_mean_nothing_do_no_harm()
    {
        using var agent = new RunningAgent();
        var bytes = Enumerable.Range(0, 3000).Select(i => CreateFrame(new Random(Seed + i))).ToList();
        await Parallel.ForEachAsync(bytes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (frame, cancellationToken) =>
        {
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            hangUp.CancelAfter(RunningAgent.Patience);
            var method = s_methods[frame.Length % s_methods.Length];
            var type = frame.Length % 5 == 0 ? EnvdProtocol.UnaryContentType : EnvdProtocol.StreamContentType;
            using var content = AgentHttp.Content(frame, type);
            using var response = await agent.Http.Client.PostAsync(new Uri(EnvdRoutes.Process + method, UriKind.Relative), content, hangUp.Token);
            Assert.NotEqual(500, (int)response.StatusCode);
            Assert.DoesNotContain("\"internal\"", await response.Content.ReadAsStringAsync(hangUp.Token), StringComparison.Ordinal);
        });
        await AssertWorksAsync(agent);
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_do_no_harm()
    {
        using var agent = new RunningAgent();
        var patterns = Enumerable.Range(0, 1500).Select(i => CreateBytes(new Random(Seed + i))).ToList();
        await Parallel.ForEachAsync(patterns, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (bytes, cancellationToken) =>
        {
            using var client = new TcpClient { LingerState = new LingerOption(true, 0) };
            await client.ConnectAsync("127.0.0.1", agent.Port, cancellationToken);
            await using var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(bytes, cancellationToken);
                if (bytes.Length % 2 == 0)
                    await stream.ReadAsync(new byte[256], cancellationToken).AsTask().WaitAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                // The agent may hang up on nonsense, or wait for the rest of it.
            }
        });
        await AssertWorksAsync(agent);
    }

    private static async Task AssertWorksAsync(RunningAgent agent)
    {
        Assert.True(await agent.Http.IsHealthyAsync());
        Assert.Equal("works\n", (await agent.Http.RunAsync("echo works")).Stdout);
        Assert.InRange(agent.Memory("VmRSS"), 0, 64 * 1024);
        Assert.DoesNotContain("failed", agent.Log, StringComparison.Ordinal);
    }

    private static byte[] CreateFrame(Random random)
    {
        var body = new List<byte>();
        for (var count = random.Next(4); count >= 0; count--)
        {
            var message = random.Next(3) == 0 ? CreateNoise(random, random.Next(200)) : CreateJson(random);
            var flags = (byte)(random.Next(4) == 0 ? random.Next(256) : 0);
            var envelope = AgentHttp.Envelope(flags, message);
            if (random.Next(4) == 0)
                envelope[1 + random.Next(4)] = (byte)random.Next(256);

            body.AddRange(random.Next(6) == 0 ? envelope[..random.Next(envelope.Length)] : envelope);
        }

        return [.. body];
    }

    private static byte[] CreateJson(Random random)
    {
        // Nothing of this can name a program: what runs by chance would be the fault of the test.
        var json = new StringBuilder("{\"process\":");
        for (var count = random.Next(30); count > 0; count--)
            json.Append(s_pieces[random.Next(s_pieces.Length)]);

        return Encoding.UTF8.GetBytes(json.ToString());
    }

    private static byte[] CreateBytes(Random random)
    {
        var head = $"POST {EnvdRoutes.Process}{s_methods[random.Next(s_methods.Length)]} HTTP/1.1\r\nHost: x\r\nContent-Type: {EnvdProtocol.StreamContentType}\r\nContent-Length: 1000\r\n\r\n";
        var bytes = random.Next(2) == 0 ? CreateNoise(random, random.Next(2000)) : [.. Encoding.ASCII.GetBytes(head), .. CreateNoise(random, random.Next(1500))];
        for (var count = random.Next(3); count > 0 && bytes.Length > 0; count--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

        return bytes;
    }

    private static byte[] CreateNoise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
