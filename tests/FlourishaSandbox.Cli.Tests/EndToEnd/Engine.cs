using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Takes away what the program makes and has no verb to remove.</summary>
internal static class Engine
{
    /// <summary>Removes a volume; one that is not there is no error.</summary>
    public static Task RemoveVolumeAsync(string name) => DeleteAsync($"volumes/{name}");

    /// <summary>Removes an image; one that is not there is no error.</summary>
    public static Task RemoveImageAsync(string name) => DeleteAsync($"images/{name}?force=true");

    private static async Task DeleteAsync(string path)
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } named ? named : "unix:///var/run/docker.sock";
        Assert.StartsWith("unix://", host, StringComparison.Ordinal);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(host["unix://".Length..]), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        using var response = await client.DeleteAsync(new Uri($"http://engine/{path}"));
        Assert.True(response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound, $"DELETE {path}: {response.StatusCode}");
    }
}
