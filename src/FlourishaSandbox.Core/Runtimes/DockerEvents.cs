using System.Globalization;
using System.Runtime.CompilerServices;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Runtimes;

/// <summary>What an engine says that happened to sandboxes.</summary>
/// <param name="client">The engine.</param>
internal sealed class DockerEvents(DockerClient client)
{
    // Not exec's: each command without an agent has three of them.
    private static readonly string[] s_actions = ["create", "start", "restart", "die", "oom", "kill", "stop", "pause", "unpause", "rename", "update", "commit", "destroy"];

    /// <summary>See <see cref="ISandboxRuntime.WatchEventsAsync"/>.</summary>
    public async IAsyncEnumerable<SandboxEvent> WatchAsync(DateTimeOffset since, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("type", "container").Add("label", $"{SandboxLabels.Kind}={SandboxLabels.SandboxKind}");
        foreach (var action in s_actions)
            filters.Add("event", action);

        var events = client.System.EventsAsync(filters, since, until, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (await DockerErrors.TranslateAsync(() => events.MoveNextAsync().AsTask()).ConfigureAwait(false))
                yield return ToEvent(events.Current);
        }
    }

    private SandboxEvent ToEvent(EngineEvent one)
    {
        var about = one.Actor.Attributes;
        var detail = new Dictionary<string, string>();
        foreach (var key in (string[])["signal", "oldName", "image"])
        {
            if (about.TryGetValue(key, out var value))
                detail[key] = value;
        }

        return new SandboxEvent
        {
            Time = one.Time,
            Origin = SandboxEventOrigin.Engine,
            Action = one.Action,
            Sandbox = about.GetValueOrDefault("name"),
            SandboxId = one.Actor.ID,
            Result = SandboxEventResult.Succeeded,
            ExitCode = int.TryParse(about.GetValueOrDefault("exitCode"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : null,
            Detail = detail,
            Owner = SandboxLabels.ReadOwner(about),
            Engine = client.Endpoint.Address.ToString(),
        };
    }
}
