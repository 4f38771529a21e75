using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Http;

/// <summary>What answers which path.</summary>
internal sealed class EndpointTable
{
    private readonly Dictionary<string, Endpoint> _endpoints = new(StringComparer.Ordinal);

    /// <summary>Adds an endpoint.</summary>
    /// <param name="path">The whole path.</param>
    /// <param name="handle">What answers; it looks at the method itself.</param>
    /// <param name="access">Who may call it.</param>
    public void Map(string path, RequestDelegate handle, Access access = Access.Token) => _endpoints.Add(path, new Endpoint(handle, access));

    /// <summary>Finds what answers a path.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The endpoint; null where there is none.</returns>
    public Endpoint? Find(string? path) => path is not null && _endpoints.TryGetValue(path, out var endpoint) ? endpoint : null;
}
