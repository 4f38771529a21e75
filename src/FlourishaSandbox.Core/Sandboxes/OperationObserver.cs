namespace FlourishaSandbox.Sandboxes;

/// <summary>
/// What an operation tells while it goes on. Each method may be called from any thread and returns at once. The base class keeps silent.
/// </summary>
public class OperationObserver
{
    /// <summary>Hears nothing.</summary>
    public static OperationObserver None { get; } = new();

    /// <summary>An operation has come further.</summary>
    /// <param name="progress">How far.</param>
    public virtual void Report(OperationProgress progress)
    {
    }

    /// <summary>Something is about to be asked of the engine, or was decided.</summary>
    /// <param name="message">One line.</param>
    public virtual void Verbose(string message)
    {
    }

    /// <summary>Something went on, but not as the user may think.</summary>
    /// <param name="message">One or two sentences.</param>
    public virtual void Warning(string message)
    {
    }
}
