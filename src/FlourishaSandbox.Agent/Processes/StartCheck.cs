using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>What a client may ask to be started.</summary>
internal static class StartCheck
{
    private const int SmallestOutputLimit = 4096;
    private const int LargestOutputLimit = 1 << 30;
    private const int LongestGraceMs = 600_000;
    private const int LongestTag = 256;

    /// <summary>A terminal's size where nothing is said.</summary>
    public static PtySize UsualSize { get; } = new(80, 24);

    /// <summary>Refuses what cannot be started.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="state">What it would start with.</param>
    /// <returns>The folder to start in.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>, and the message says why.</exception>
    public static string Check(StartRequest request, AgentState state)
    {
        if (request.Process is not { Cmd: { Length: > 0 } } process)
            throw Invalid("no program is named");

        if ((process.Args ?? []).Any(argument => argument is null))
            throw Invalid("an argument is null");

        foreach (var (name, value) in process.Envs ?? new Dictionary<string, string>())
            CheckVariable(name, value);

        if (request.Pty is { Size: { } size })
            CheckSize(size);

        if (request.Tag is { Length: 0 or > LongestTag })
            throw Invalid($"a tag has from 1 to {LongestTag} characters");

        if (request.Flourisha?.OutputLimit is < SmallestOutputLimit or > LargestOutputLimit)
            throw Invalid($"outputLimit is from {SmallestOutputLimit} to {LargestOutputLimit} bytes");

        if (request.Flourisha?.GraceMs is < 0 or > LongestGraceMs)
            throw Invalid($"graceMs is from 0 to {LongestGraceMs}");

        return CheckFolder(process.Cwd is { Length: > 0 } cwd ? AgentPath.Resolve(cwd, state.User) : state.WorkingDirectory);
    }

    /// <summary>Refuses a size that no terminal has.</summary>
    /// <param name="size">The size.</param>
    public static void CheckSize(PtySize size)
    {
        if (size.Cols is < 1 or > ushort.MaxValue || size.Rows is < 1 or > ushort.MaxValue)
            throw Invalid($"a terminal has from 1 to {ushort.MaxValue} columns and rows");
    }

    /// <summary>Refuses a variable that no process can have.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static void CheckVariable(string name, string? value)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || value is null)
            throw Invalid($"'{name}' is no name of a variable, or has no value");
    }

    /// <summary>Refuses a folder in which nothing can start.</summary>
    /// <param name="folder">Its absolute path.</param>
    /// <returns>The same.</returns>
    public static string CheckFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw Invalid($"cwd '{folder}' does not exist");

        return LibC.Access(folder, LibC.ExecuteAccess) == 0
            ? folder
            : throw new ConnectException(ConnectCode.PermissionDenied, $"cwd '{folder}' may not be entered by the sandbox's user");
    }

    private static ConnectException Invalid(string message) => new(ConnectCode.InvalidArgument, message);
}
