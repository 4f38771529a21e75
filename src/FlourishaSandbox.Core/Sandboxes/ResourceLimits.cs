namespace FlourishaSandbox.Sandboxes;

/// <summary>What a sandbox may use of its host.</summary>
public sealed record ResourceLimits
{
    /// <summary>The least memory that a sandbox can be given: 16 MiB. The engine itself refuses less than 6 MiB, and a shell with an interpreter does not start in that.</summary>
    public const long MinimumMemory = 16L << 20;

    /// <summary>The least disk that a sandbox can be given: 1 MiB.</summary>
    public const long MinimumDisk = 1L << 20;

    /// <summary>The least output that a command can be given: 1 KiB.</summary>
    public const long MinimumOutput = 1L << 10;

    /// <summary>The limits of a sandbox for which none are named: 2 GiB, 2 CPUs, 256 processes, 65,536 open files for each process, 10 GiB of disk.</summary>
    public static ResourceLimits Default { get; } = new();

    /// <summary>Memory in bytes, swap included; at least <see cref="MinimumMemory"/>. Default 2 GiB.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>CPU time per second of wall-clock time, in cores; from 0.01 to 1,024. Default 2.</summary>
    public double Cpus { get; init; } = 2;

    /// <summary>Processes and threads at once; from 1 to 4,194,304 (the kernel's own bound). Default 256.</summary>
    public int PidLimit { get; init; } = 256;

    /// <summary>Open files of each process. 65,536, and not a parameter: programs that scan their whole table slow down with more.</summary>
    public int OpenFileLimit { get; init; } = 65536;

    /// <summary>
    /// What it may write to its disk, in bytes, at least <see cref="MinimumDisk"/>; null for no limit of its own. Default 10 GiB: what hosted
    /// sandboxes have, enough for most builds, and a hundred of them at their limit do not fill a usual disk by accident alone.
    /// </summary>
    public long? Disk { get; init; } = 10L << 30;

    /// <summary>What each of its commands may write to its output and error output together, in bytes, at least 1 KiB; null for no limit. Default null.</summary>
    public long? Output { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value is out of its range.</exception>
    public void Validate()
    {
        if (Memory < MinimumMemory)
            throw InvalidOption.Create("Memory", Memory, $"is too small: a sandbox needs at least {MinimumMemory >> 20}MB", "Give bytes or a size with a unit, for example 512MB or 2GB.");

        if (!(Cpus is >= 0.01 and <= 1024))
            throw InvalidOption.Create("Cpu", Cpus, "is out of range", "Give a number of cores from 0.01 to 1024, for example 0.5 or 2.");

        if (PidLimit is < 1 or > 4194304)
            throw InvalidOption.Create("PidLimit", PidLimit, "is out of range", "Give a number of processes from 1 to 4194304, for example 256.");

        if (Disk < MinimumDisk)
            throw InvalidOption.Create("Disk", Disk, $"is too small: a sandbox needs at least {MinimumDisk >> 20}MB", "Give bytes or a size with a unit, for example 512MB or 10GB.");

        if (Output < MinimumOutput)
            throw InvalidOption.Create("OutputLimit", Output, $"is too small: a command needs at least {MinimumOutput >> 10}KB", "Give bytes or a size with a unit, for example 64MB.");
    }
}
