namespace FlourishaSandbox.Docker;

/// <summary>The engine itself.</summary>
internal sealed class DockerSystem(DockerHttp http)
{
    /// <summary>Asks whether the engine is there, and which API it speaks.</summary>
    /// <exception cref="DockerUnreachableException">It is not there.</exception>
    public async Task<EnginePing> PingAsync(CancellationToken cancellationToken)
    {
        using var response = await http.OpenVerbatimAsync(HttpMethod.Get, "/_ping", content: null, cancellationToken).ConfigureAwait(false);
        return new EnginePing(Header("Api-Version"), Header("Ostype"));

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
    }

    /// <summary>The engine's versions.</summary>
    public Task<EngineVersion> VersionAsync(CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("version"), DockerJson.Default.EngineVersion, cancellationToken);

    /// <summary>The engine and its host.</summary>
    public Task<EngineInfo> InfoAsync(CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("info"), DockerJson.Default.EngineInfo, cancellationToken);

    /// <summary>What happens on the engine, as it happens, until the enumeration ends.</summary>
    /// <param name="filters">What to restrict it to; null for nothing.</param>
    /// <param name="since">The time from which to begin, by the engine's clock; null for now.</param>
    /// <param name="until">The time with which to end; null for never.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IAsyncEnumerable<EngineEvent> EventsAsync(DockerFilters? filters, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken) =>
        http.LinesAsync(HttpMethod.Get, new DockerPath("events").With(filters).With("since", UnixTime.Format(since)).With("until", UnixTime.Format(until)), DockerJson.Default.EngineEvent, cancellationToken);
}
