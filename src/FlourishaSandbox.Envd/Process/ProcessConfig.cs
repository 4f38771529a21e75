namespace FlourishaSandbox.Envd.Process;

/// <summary>What a process is started from.</summary>
public sealed record ProcessConfig
{
    /// <summary>The program: a path, or a name that is looked for in PATH.</summary>
    public string Cmd { get; init; } = "";

    /// <summary>Its arguments, without the program's own name.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Variables beside those that all processes get.</summary>
    public IReadOnlyDictionary<string, string>? Envs { get; init; }

    /// <summary>The folder to start in; the sandbox's working directory where nothing is said.</summary>
    public string? Cwd { get; init; }
}

/// <summary>A terminal's size in characters.</summary>
/// <param name="Cols">Columns, 1 to 65,535.</param>
/// <param name="Rows">Rows, 1 to 65,535.</param>
public sealed record PtySize(int Cols, int Rows);

/// <summary>A terminal.</summary>
/// <param name="Size">Its size; 80 by 24 where nothing is said.</param>
public sealed record Pty(PtySize? Size = null);

/// <summary>Says which process is meant: by one of the two.</summary>
public sealed record ProcessSelector
{
    /// <summary>The number of its first process.</summary>
    public int? Pid { get; init; }

    /// <summary>The word that its starter gave it.</summary>
    public string? Tag { get; init; }
}
