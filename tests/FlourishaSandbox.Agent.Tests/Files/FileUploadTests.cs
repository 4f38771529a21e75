using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Tests.Files;

/// <summary>Uploads that come bit by bit, and what is to be seen of the file meanwhile.</summary>
public sealed class FileUploadTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private readonly string _folder = agent.NewFolder();

    private static string Url(string path) => $"{EnvdRoutes.Files}?path={Uri.EscapeDataString(path)}";

    [Theory]
    [InlineData("new")]
    [InlineData("something longer than it was")]
    [InlineData("")]
    public async Task What_a_file_holds_stays_until_its_new_content_is_there(string content)
    {
        var path = Path.Combine(_folder, "watched");
        File.WriteAllText(path, "what was there");
        using var client = new TcpClient("127.0.0.1", agent.Port);
        var stream = client.GetStream();
        var body = (content.Length == 0 ? "" : $"{content.Length:x}\r\n{content}\r\n") + "0\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST {Url(path)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n{body[..^2]}"));
        for (var patience = 0; !agent.HasOpen(path); patience++)
        {
            Assert.True(patience < 2000, "the file is never opened");
            await Task.Delay(5);
        }

        Assert.Equal("what was there", await File.ReadAllTextAsync(path));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(body[^2..]));
        using var reader = new StreamReader(stream);
        Assert.Contains("200 OK", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(path));
    }

    [Theory]
    [InlineData("Content-Length: 1000000\r\n", "half")]
    [InlineData("Transfer-Encoding: chunked\r\n", "4\r\nhalf\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "4\r\nhalf\r\nno chunk\r\n")]
    public async Task A_cut_upload_leaves_nothing(string header, string body)
    {
        foreach (var type in (string[])["application/octet-stream", "multipart/form-data; boundary=b"])
        {
            var start = type.StartsWith('m') ? "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" : "";
            using (var client = new TcpClient("127.0.0.1", agent.Port))
            {
                var text = header.StartsWith('T') && start.Length > 0 ? $"{start.Length:x}\r\n{start}\r\n{body}" : start + body;
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"POST {Url(_folder + "/cut")} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\n{header}\r\n{text}"));
                for (var patience = 0; !File.Exists(_folder + "/cut") && patience < 100 && !body.Contains("no chunk", StringComparison.Ordinal); patience++)
                    await Task.Delay(20);
            }

            for (var patience = 0; File.Exists(_folder + "/cut"); patience++)
            {
                Assert.True(patience < 250, "half a file stays");
                await Task.Delay(20);
            }
        }

        Assert.True(await agent.IsAliveAsync());
    }
}
