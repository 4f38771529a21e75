namespace FlourishaSandbox.Commands;

/// <summary>Which of a command's two streams something came from.</summary>
public enum OutputSource
{
    /// <summary>Standard output.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}
