using System.Runtime.InteropServices;

namespace FlourishaSandbox.Host;

/// <summary>Turns the first Ctrl+C, SIGTERM or SIGHUP into an orderly end; the second one ends the program at once.</summary>
internal sealed class EndingSignals : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly List<PosixSignalRegistration> _registrations;

    /// <summary>Begins to listen.</summary>
    /// <param name="end">Cancelled by the first.</param>
    public EndingSignals(CancellationTokenSource end)
    {
        _end = end;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_end.IsCancellationRequested)
            return;

        context.Cancel = true;
        _end.Cancel();
    }
}
