using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Processes;

/// <summary>How a person or a pipeline says which process of a sandbox is meant: the object itself, its number, or its tag.</summary>
public sealed class ProcessReference
{
    /// <summary>Means the given process.</summary>
    /// <param name="process">A process that some earlier call gave.</param>
    public ProcessReference(SandboxProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        Process = process;
        Id = process.Id;
        Text = process.Id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Means the process with this number.</summary>
    /// <param name="id">A number, at least 1.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is below 1.</exception>
    public ProcessReference(int id)
    {
        if (id < 1)
            throw InvalidOption.Create("Process", id, "is no number of a process", "Give a number as Get-SandboxProcess or 'docker-sandbox ps' lists it.");

        Id = id;
        Text = id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Means the process with this number or tag.</summary>
    /// <param name="text">Digits, or a tag.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public ProcessReference(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        Text = text;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0)
            Id = id;
    }

    /// <summary>The process, where the reference was made from one.</summary>
    public SandboxProcess? Process { get; }

    /// <summary>The number; null where a tag was given.</summary>
    public int? Id { get; }

    /// <summary>The number or tag as given.</summary>
    public string Text { get; }

    /// <summary>The text as given.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
