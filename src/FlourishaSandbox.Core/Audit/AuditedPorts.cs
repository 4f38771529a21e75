using System.Collections.Concurrent;
using System.Globalization;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>
/// Ways into sandboxes and out of them, written down: the first connection to each port, for a page makes a hundred, and the others say
/// nothing new.
/// </summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedPorts(ISandboxPorts inner, AuditRecorder recorder) : ISandboxPorts
{
    // Who holds connections to more than that at once has written much down already.
    private const int MostKnown = 4096;

    private readonly ConcurrentDictionary<(string Action, string Sandbox, int Port), bool> _known = new();

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) =>
        RecordFirstAsync("port-connect", sandbox, port, () => inner.ConnectAsync(sandbox, port, cancellationToken));

    /// <inheritdoc/>
    public Task<Stream> AcceptAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) =>
        RecordFirstAsync("port-accept", sandbox, port, () => inner.AcceptAsync(sandbox, port, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxListener>> ListAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.ListAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxPort> PublishAsync(Sandbox sandbox, PortPublication publication, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(publication);
        var action = new AuditedAction("publish-port", sandbox, ("port", publication.Port.ToString(CultureInfo.InvariantCulture)), ("address", publication.Address));
        return recorder.RecordAsync(action, () => inner.PublishAsync(sandbox, publication, observer, cancellationToken));
    }

    private async Task<Stream> RecordFirstAsync(string name, Sandbox sandbox, int port, Func<Task<Stream>> work)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var key = (name, sandbox.Id, port);
        if (_known.ContainsKey(key))
            return await work().ConfigureAwait(false);

        var action = new AuditedAction(name, sandbox, ("port", port.ToString(CultureInfo.InvariantCulture)));
        var stream = await recorder.RecordAsync(action, work).ConfigureAwait(false);
        if (_known.Count >= MostKnown)
            _known.Clear();

        _known[key] = true;
        return stream;
    }
}
