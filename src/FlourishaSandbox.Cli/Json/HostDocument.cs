namespace FlourishaSandbox.Cli.Json;

/// <summary>Where a port is reached.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Id">The sandbox's id.</param>
/// <param name="Port">The port in the sandbox.</param>
/// <param name="Url">The URL, without a path and without '/' at its end.</param>
/// <param name="Public">Whether other machines can reach it.</param>
/// <param name="Ready">Whether it answered; false where nobody waited.</param>
/// <param name="Token">What has to be shown there to be let in; null where nothing has to be.</param>
/// <param name="Link">A URL that opens the port in a browser, for a while; null where none was asked for.</param>
internal sealed record HostDocument(string Sandbox, string Id, int Port, string Url, bool Public, bool Ready, string? Token = null, string? Link = null);
