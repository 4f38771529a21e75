using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Commands;

/// <summary>A line that a command wrote, as soon as it was written.</summary>
/// <param name="Sandbox">The sandbox that the command runs in.</param>
/// <param name="Source">Standard output or standard error.</param>
/// <param name="Text">The line without its end.</param>
public sealed record OutputLine(Sandbox Sandbox, OutputSource Source, string Text)
{
    /// <summary>The line's text.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
