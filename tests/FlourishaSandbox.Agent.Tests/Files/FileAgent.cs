using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Tests.Files;

/// <summary>The agent as it ships, as a plain process on a free port, with a folder that is its home.</summary>
public sealed class FileAgent : IDisposable
{
    private readonly Process _process;

    public FileAgent()
        : this(token: null, asNobody: false)
    {
    }

    private FileAgent(string? token, bool asNobody, string? parent = null)
    {
        Root = Path.Combine(parent ?? Path.GetTempPath(), $"flourisha-files-{Guid.NewGuid():N}"[..24]);
        Directory.CreateDirectory(Root);
        Home = Path.Combine(Root, "home");
        Directory.CreateDirectory(Home);
        var port = RunningAgent.FindPort();
        List<string> command = [BinaryPath, "serve", "--port", $"{port}", "--address", "127.0.0.1", "--workdir", Home];
        if (token is not null)
            command.AddRange(["--token-sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))]);

        if (asNobody)
        {
            File.SetUnixFileMode(Root, (UnixFileMode)0x1ED);
            var own = Path.Combine(Root, "agent");
            File.Copy(BinaryPath, own);
            File.SetUnixFileMode(own, (UnixFileMode)0x49);
            command[0] = own;
            Run("chown", "nobody:nogroup", Home);
            command.InsertRange(0, ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--"]);
        }

        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Home };

        // Its home would be root's own, where tests have no business.
        start.Environment["HOME"] = Home;
        _process = Process.Start(start)!;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
        WaitUntilReady();
    }

    /// <summary>The agent's program, where the build puts it.</summary>
    public static string BinaryPath { get; } = Path.Combine(Repository.AgentFolder, "flourisha-agent");

    public static bool CanBeNobody => Environment.UserName == "root" && File.Exists("/usr/bin/setpriv");

    /// <summary>Whether it has a file open just now.</summary>
    public bool HasOpen(string path) => Directory.GetFiles($"/proc/{_process.Id}/fd").Any(link => new FileInfo(link).LinkTarget == path);

    /// <summary>A folder of the test's own; all that it makes goes there.</summary>
    public string Root { get; }

    /// <summary>The agent's working directory.</summary>
    public string Home { get; }

    public HttpClient Http { get; }

    public int Port => Http.BaseAddress!.Port;

    public int Pid => _process.Id;

    public static FileAgent WithToken(string token) => new(token, asNobody: false);

    /// <summary>One whose home is in memory, where the machine has room for that.</summary>
    public static FileAgent InMemory() => new(token: null, asNobody: false, Directory.Exists("/dev/shm") ? "/dev/shm" : null);

    /// <summary>One that is not root, where the tests are.</summary>
    public static FileAgent AsNobody() => new(token: null, asNobody: true);

    /// <summary>A new folder below the home.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Home, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>A call with one answer.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, Action<HttpRequestMessage>? change = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, EnvdRoutes.Filesystem + method);
        message.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, requestType));
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(EnvdProtocol.UnaryContentType);
        change?.Invoke(message);
        using var response = await Http.SendAsync(message);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (response.IsSuccessStatusCode)
            return JsonSerializer.Deserialize(body, responseType)!;

        var error = JsonSerializer.Deserialize(body, EnvdJson.Default.ConnectError)!;
        var code = ConnectCodes.FromName(error.Code);
        Assert.Equal(ConnectCodes.ToStatus(code), (int)response.StatusCode);
        throw new ConnectException(code, error.Message!);
    }

    public async Task<bool> IsAliveAsync() => (await Http.GetAsync(EnvdRoutes.Health)).StatusCode == HttpStatusCode.NoContent;

    /// <summary>A value of /proc/PID/status in bytes, such as VmRSS or VmHWM.</summary>
    public long Memory(string key) =>
        long.Parse(File.ReadLines($"/proc/{Pid}/status").First(line => line.StartsWith(key + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture) << 10;

    /// <summary>CPU time that the agent has used.</summary>
    public TimeSpan CpuTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        Http.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Run("chmod", "-R", "u+rwX", Root);

        // .NET cannot remove names that are no text.
        Run("rm", "-rf", Root);
    }

    private void WaitUntilReady()
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (patience.Elapsed < TimeSpan.FromSeconds(10) && !_process.HasExited)
            {
                Thread.Sleep(5);
            }
        }
    }
}
