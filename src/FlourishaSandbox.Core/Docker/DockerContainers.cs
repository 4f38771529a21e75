using System.Runtime.CompilerServices;
using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker;

/// <summary>Containers of an engine. Where an id is asked for, a name does as well.</summary>
internal sealed partial class DockerContainers(DockerHttp http)
{
    /// <summary>Creates a container.</summary>
    /// <param name="request">What it is made from.</param>
    /// <param name="name">Its name; null to let the engine choose.</param>
    /// <param name="cancellationToken">Ends the wait; the engine may have created it all the same.</param>
    public Task<ContainerCreated> CreateAsync(ContainerCreateRequest request, string? name, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("containers", "create").With("name", name),
            DockerHttp.Json(request, DockerJson.Default.ContainerCreateRequest), DockerJson.Default.ContainerCreated, cancellationToken);

    /// <summary>Starts a container; one that runs stays as it is.</summary>
    public Task StartAsync(string id, CancellationToken cancellationToken) => PostAsync(id, "start", cancellationToken);

    /// <summary>Lists containers.</summary>
    /// <param name="all">Whether to list those too that do not run.</param>
    /// <param name="filters">What to restrict the list to; null for nothing.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(bool all, DockerFilters? filters, CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("containers", "json").With("all", all).With(filters), DockerJson.Default.IReadOnlyListContainerSummary, cancellationToken);

    /// <summary>Everything about a container.</summary>
    public Task<ContainerInspection> InspectAsync(string id, CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("containers", id, "json"), DockerJson.Default.ContainerInspection, cancellationToken);

    /// <summary>Sends a signal to process 1.</summary>
    /// <param name="id">The container.</param>
    /// <param name="signal">The signal's name or number, such as SIGKILL.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task KillAsync(string id, string signal, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("containers", id, "kill").With("signal", signal), content: null, cancellationToken);

    /// <summary>Asks process 1 to end, and kills it where it does not; a container that has ended stays as it is.</summary>
    /// <param name="id">The container.</param>
    /// <param name="grace">How long it may take, in whole seconds; null for the container's own limit.</param>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    public Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("containers", id, "stop").With("t", grace is { } time ? (long)Math.Ceiling(time.TotalSeconds) : null),
            content: null, cancellationToken);

    /// <summary>Removes a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="force">Whether to kill it where it runs.</param>
    /// <param name="removeVolumes">Whether to remove its anonymous volumes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Delete, new DockerPath("containers", id).With("force", force).With("v", removeVolumes), content: null, cancellationToken);

    /// <summary>Gives a container another name.</summary>
    public Task RenameAsync(string id, string newName, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("containers", id, "rename").With("name", newName), content: null, cancellationToken);

    /// <summary>Freezes every process of a container.</summary>
    public Task PauseAsync(string id, CancellationToken cancellationToken) => PostAsync(id, "pause", cancellationToken);

    /// <summary>Lets a frozen container go on.</summary>
    public Task UnpauseAsync(string id, CancellationToken cancellationToken) => PostAsync(id, "unpause", cancellationToken);

    /// <summary>Waits until a container does not run.</summary>
    /// <returns>Process 1's exit code.</returns>
    public async Task<int> WaitAsync(string id, CancellationToken cancellationToken)
    {
        var exit = await http.SendAsync(HttpMethod.Post, new DockerPath("containers", id, "wait"), content: null, DockerJson.Default.ContainerExit, cancellationToken).ConfigureAwait(false);
        return exit.Error?.Message is { Length: > 0 } message
            ? throw new DockerException(System.Net.HttpStatusCode.InternalServerError, message)
            : (int)exit.StatusCode;
    }

    /// <summary>Reads a container's log. The stream has no input.</summary>
    /// <param name="id">The container.</param>
    /// <param name="request">Which part of the log.</param>
    /// <param name="cancellationToken">Ends the request, not the stream that it returns.</param>
    public async Task<MultiplexedStream> LogsAsync(string id, LogsRequest request, CancellationToken cancellationToken)
    {
        var path = new DockerPath("containers", id, "logs")
            .With("follow", request.Follow)
            .With("stdout", request.Stdout)
            .With("stderr", request.Stderr)
            .With("timestamps", request.Timestamps)
            .With("since", UnixTime.Format(request.Since))
            .With("tail", request.Tail);
        // Engines before API 1.42 do not say whether there are frames; the container does.
        var isRaw = (await InspectAsync(id, cancellationToken).ConfigureAwait(false)).Config.Tty;
        var response = await http.OpenAsync(HttpMethod.Get, path, content: null, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new MultiplexedStream(new BufferedReadStream(body), writer: null, isRaw, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Measures what a container uses.</summary>
    /// <param name="id">The container.</param>
    /// <param name="stream">Whether to go on, about once a second, until the container ends or the enumeration does.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<ContainerStats> StatsAsync(string id, bool stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = new DockerPath("containers", id, "stats").With("stream", stream ? "1" : "0");
        await foreach (var stats in http.LinesAsync(HttpMethod.Get, path, DockerJson.Default.ContainerStats, cancellationToken).ConfigureAwait(false))
            yield return stats;
    }

    /// <summary>Measures once what a container uses; the engine takes a second or two, as it compares two measurements.</summary>
    public async Task<ContainerStats> StatsOnceAsync(string id, CancellationToken cancellationToken)
    {
        await foreach (var stats in StatsAsync(id, stream: false, cancellationToken).ConfigureAwait(false))
            return stats;

        throw new DockerException(System.Net.HttpStatusCode.OK, "The engine measured nothing.");
    }

    /// <summary>Bytes that a container wrote over its image.</summary>
    public async Task<long> GetDiskUseAsync(string id, CancellationToken cancellationToken) =>
        (await http.GetAsync(new DockerPath("containers", id, "json").With("size", value: true), DockerJson.Default.ContainerInspection, cancellationToken).ConfigureAwait(false)).SizeRw ?? 0;

    /// <summary>Lists a container's processes.</summary>
    /// <param name="id">The container.</param>
    /// <param name="psArgs">Arguments for the host's <c>ps</c>; null for <c>-ef</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<ContainerProcesses> TopAsync(string id, string? psArgs, CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("containers", id, "top").With("ps_args", psArgs), DockerJson.Default.ContainerProcesses, cancellationToken);

    /// <summary>Changes a container's limits.</summary>
    public Task UpdateAsync(string id, ContainerUpdateRequest request, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("containers", id, "update"), DockerHttp.Json(request, DockerJson.Default.ContainerUpdateRequest), cancellationToken);

    private Task PostAsync(string id, string verb, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("containers", id, verb), content: null, cancellationToken);
}
