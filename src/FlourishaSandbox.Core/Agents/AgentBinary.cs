using System.Diagnostics.CodeAnalysis;

namespace FlourishaSandbox.Agents;

/// <summary>The agent's program as it lies on this machine, ready to be brought to an engine.</summary>
/// <param name="Path">The file.</param>
/// <param name="Digest">The SHA-256 of its content, as hexadecimal digits: different agents never share a volume.</param>
internal sealed record AgentBinary(string Path, string Digest)
{
    /// <summary>The version of the agents that came with this product: its own.</summary>
    public static string Version { get; } = typeof(AgentBinary).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The folder that came with the product: <c>agent</c> beside this assembly or, for the one-file CLI, beside the program.</summary>
    public static string ProductFolder { get; } = System.IO.Path.Combine(AssemblyFolder(), "agent");

    /// <summary>The agent for a platform; null where there is none.</summary>
    /// <param name="folder">A folder with a folder for each platform.</param>
    /// <param name="os">The platform's system, as Docker names it.</param>
    /// <param name="architecture">The platform's processor, as Docker names it.</param>
    public static AgentBinary? Find(string folder, string os, string architecture)
    {
        var processor = architecture switch { "amd64" or "x86_64" => "x64", "arm64" or "aarch64" => "arm64", _ => null };
        if (os != "linux" || processor is null)
            return null;

        var place = System.IO.Path.Combine(folder, $"linux-{processor}");
        var (file, digest) = (System.IO.Path.Combine(place, "flourisha-agent"), System.IO.Path.Combine(place, "digest"));
        return File.Exists(file) && File.Exists(digest) ? new AgentBinary(file, File.ReadAllText(digest).Trim().ToLowerInvariant()) : null;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a NativeAOT program, and then the program's own folder is right.")]
    private static string AssemblyFolder()
    {
        var location = typeof(AgentBinary).Assembly.Location;
        return location.Length == 0 ? AppContext.BaseDirectory : System.IO.Path.GetDirectoryName(location)!;
    }
}
