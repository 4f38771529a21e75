using System.Text.RegularExpressions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>How a person or a pipeline says which sandbox is meant: the object itself, its name, or its id or the beginning of it.</summary>
public sealed partial class SandboxReference
{
    /// <summary>Means the given sandbox.</summary>
    /// <param name="sandbox">A sandbox that some earlier call gave.</param>
    public SandboxReference(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        Sandbox = sandbox;
        Text = sandbox.Name;
    }

    /// <summary>Means the sandbox with this name or id.</summary>
    /// <param name="text">A name, an id, or at least 4 digits with which an id begins.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public SandboxReference(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        Text = text;
    }

    /// <summary>The sandbox, where the reference was made from one.</summary>
    public Sandbox? Sandbox { get; }

    /// <summary>The name or id as given.</summary>
    public string Text { get; }

    /// <summary>Whether this names the given sandbox by its name, exactly.</summary>
    /// <param name="sandbox">The sandbox to compare with.</param>
    /// <returns>True where the name or the whole id is the same.</returns>
    public bool IsExactly(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return Text == sandbox.Name || Text == sandbox.Id;
    }

    /// <summary>Whether the given sandbox's id begins as this says.</summary>
    /// <param name="sandbox">The sandbox to compare with.</param>
    /// <returns>True where the text is at least 4 hexadecimal digits and the id begins with them.</returns>
    public bool IsBeginningOfId(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return IdBeginning().IsMatch(Text) && sandbox.Id.StartsWith(Text, StringComparison.Ordinal);
    }

    /// <summary>The text as given.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;

    [GeneratedRegex(@"\A[0-9a-f]{4,64}\z")]
    private static partial Regex IdBeginning();
}
