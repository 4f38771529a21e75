using System.Collections.Concurrent;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests;

/// <summary>Keeps what an operation tells.</summary>
internal sealed class RecordingObserver : OperationObserver
{
    public ConcurrentQueue<OperationProgress> Reports { get; } = new();

    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public override void Report(OperationProgress progress) => Reports.Enqueue(progress);

    public override void Verbose(string message) => Messages.Enqueue(message);

    public override void Warning(string message) => Warnings.Enqueue(message);
}
