using System.Net.Http.Headers;
using System.Text.Json;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Docker.Transport;

namespace FlourishaSandbox.Benchmarks;

/// <summary>
/// The Engine API with nothing around it: the fewest requests that do a thing, over a plain HttpClient. What is slower than this is
/// our own doing; nothing can be faster.
/// </summary>
internal sealed class RawEngine : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Creates a client.</summary>
    /// <param name="endpoint">The engine.</param>
    public RawEngine(DockerEndpoint endpoint)
    {
        var connector = new DockerConnector(endpoint);
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, token) => await connector.ConnectAsync(token), UseProxy = false })
        {
            BaseAddress = new Uri("http://docker/v1.41/"),
        };
    }

    /// <summary>Creates and starts a container.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(ContainerCreateRequest request, string name, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request, DockerJson.Default.ContainerCreateRequest);
        var id = await PostForIdAsync($"containers/create?name={name}", json, cancellationToken);
        await PostAsync($"containers/{id}/start", [], cancellationToken);
        return id;
    }

    /// <summary>Kills and removes a container.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(new Uri($"containers/{id}?force=1&v=1", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Runs a program without arguments to its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(string id, string program, CancellationToken cancellationToken)
    {
        var command = JsonSerializer.SerializeToUtf8Bytes(new ExecCreateRequest { Cmd = [program] }, DockerJson.Default.ExecCreateRequest);
        var exec = await PostForIdAsync($"containers/{id}/exec", command, cancellationToken);
        // Without a request to upgrade the engine sends the output as the body, to the end.
        await PostAsync($"exec/{exec}/start", "{}"u8.ToArray(), cancellationToken);
        var json = await _http.GetByteArrayAsync(new Uri($"exec/{exec}/json", UriKind.Relative), cancellationToken);
        return JsonSerializer.Deserialize(json, DockerJson.Default.ExecInspection)!.ExitCode!.Value;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string> PostForIdAsync(string path, byte[] json, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(await PostAsync(path, json, cancellationToken), DockerJson.Default.IdOnly)!.Id;

    private async Task<byte[]> PostAsync(string path, byte[] json, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? body
            : throw new InvalidOperationException($"POST {path}: {(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
    }
}
