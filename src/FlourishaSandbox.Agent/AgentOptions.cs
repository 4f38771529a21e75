using System.Globalization;
using System.Net;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent;

/// <summary>What <c>flourisha-agent serve</c> was called with.</summary>
internal sealed record AgentOptions
{
    /// <summary>Bytes of output that are kept of each process, where nothing else is said: 4 MiB.</summary>
    public const int DefaultOutputLimit = 4 << 20;

    /// <summary>The SHA-256 of the access token; null where none is asked for.</summary>
    public byte[]? TokenHash { get; init; }

    /// <summary>How long the sandbox lives; null for no end.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Whether the sandbox is frozen at its deadline, instead of ending.</summary>
    public bool SuspendsAtDeadline { get; init; }

    /// <summary>The TCP port.</summary>
    public int Port { get; init; } = EnvdProtocol.Port;

    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>The folder in which processes start that name none.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Bytes of output that are kept of each process; at least 4 KiB, at most 1 GiB.</summary>
    public int OutputLimit { get; init; } = DefaultOutputLimit;

    /// <summary>Bytes that the sandbox may have on its disk; null for no limit that the agent sees to.</summary>
    public long? DiskLimit { get; init; }

    /// <summary>Bytes that each process may write to its output, all streams together; null for no limit.</summary>
    public long? MaximumOutput { get; init; }

    /// <summary>The pool in which it waits to be claimed; null for none.</summary>
    public string? Pool { get; init; }

    /// <summary>The template's start command; empty for none.</summary>
    public IReadOnlyList<string> StartCommand { get; init; } = [];

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The words after <c>serve</c>.</param>
    /// <returns>What they mean.</returns>
    /// <exception cref="FormatException">They mean nothing; the message says which.</exception>
    public static AgentOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new AgentOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] == "--")
                return options with { StartCommand = args[(i + 1)..].ToArray() };

            if (i + 1 == args.Length)
                throw new FormatException($"'{args[i]}' is not understood, or lacks its value");

            options = Apply(options, args[i], args[i + 1]);
        }

        return options;
    }

    private static AgentOptions Apply(AgentOptions options, string name, string value) => name switch
    {
        "--token-sha256" => options with { TokenHash = ParseHash(value) },
        "--lifetime" => options with { Lifetime = TimeSpan.FromSeconds(ParseNumber(name, value, 1, int.MaxValue)) },
        "--on-timeout" => options with { SuspendsAtDeadline = value switch { "suspend" => true, "stop" => false, _ => throw new FormatException($"--on-timeout takes stop or suspend, not '{value}'") } },
        "--port" => options with { Port = ParseNumber(name, value, 1, ushort.MaxValue) },
        "--address" => options with { Address = IPAddress.TryParse(value, out var address) ? address : throw new FormatException($"--address takes an IP address, not '{value}'") },
        "--workdir" => options with { WorkingDirectory = value.StartsWith('/') ? value : throw new FormatException($"--workdir takes an absolute path, not '{value}'") },
        "--output-limit" => options with { OutputLimit = ParseNumber(name, value, 4096, 1 << 30) },
        "--disk-limit" => options with { DiskLimit = ParseSize(name, value) },
        "--max-output" => options with { MaximumOutput = ParseSize(name, value) },
        "--pool" => options with { Pool = value },
        _ => throw new FormatException($"there is no option '{name}'"),
    };

    private static int ParseNumber(string name, string value, int minimum, int maximum)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new FormatException($"{name} takes a number from {minimum} to {maximum}, not '{value}'");

    private static long ParseSize(string name, string value)
        => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0 ? bytes : throw new FormatException($"{name} takes a number of bytes, not '{value}'");

    private static byte[] ParseHash(string value)
        => value.Length == 64 && value.All(char.IsAsciiHexDigit) ? Convert.FromHexString(value) : throw new FormatException("--token-sha256 takes 64 hexadecimal digits");
}
