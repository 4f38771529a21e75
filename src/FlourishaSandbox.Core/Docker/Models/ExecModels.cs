namespace FlourishaSandbox.Docker;

/// <summary>A command to run in a container.</summary>
internal sealed record ExecCreateRequest
{
    /// <summary>Whether its standard input is connected.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>Whether its standard output is connected.</summary>
    public bool AttachStdout { get; init; } = true;

    /// <summary>Whether its standard error is connected.</summary>
    public bool AttachStderr { get; init; } = true;

    /// <summary>Whether it has a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>The command's words.</summary>
    public required List<string> Cmd { get; init; }

    /// <summary>Environment variables as NAME=value, beside the container's.</summary>
    public List<string>? Env { get; init; }

    /// <summary>The user, as name or uid, with an optional group after a colon; null for the container's.</summary>
    public string? User { get; init; }

    /// <summary>The working folder; null for the container's.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Whether it has all capabilities.</summary>
    public bool Privileged { get; init; }
}

/// <summary>How a command in a container is started.</summary>
internal sealed record ExecStartRequest
{
    /// <summary>Whether nothing is connected to it.</summary>
    public bool Detach { get; init; }

    /// <summary>Whether it has a terminal.</summary>
    public bool Tty { get; init; }
}

/// <summary>A command in a container.</summary>
internal sealed record ExecInspection
{
    /// <summary>Its id.</summary>
    public string ID { get; init; } = "";

    /// <summary>Whether it runs.</summary>
    public bool Running { get; init; }

    /// <summary>Its exit code; null before it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Its process id on the host; 0 before it has started.</summary>
    public int Pid { get; init; }

    /// <summary>The container's id.</summary>
    public string ContainerID { get; init; } = "";
}
