using System.Runtime.InteropServices;

namespace FlourishaSandbox.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class MachineFacts
{
    /// <summary>Prints them.</summary>
    public static async Task PrintAsync(Laboratory laboratory, CancellationToken cancellationToken)
    {
        var engine = await laboratory.Client.System.VersionAsync(cancellationToken);
        var docker = await laboratory.DockerAsync(cancellationToken, "--version");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        Console.WriteLine($"date      {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz}");
        Console.WriteLine($"machine   {Environment.ProcessorCount} cores, {memory:0.0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        Console.WriteLine($"load      {Load()}");
        Console.WriteLine($"engine    {engine.Version} (API {engine.ApiVersion}) at {laboratory.Manager.Engine}, kernel {engine.KernelVersion}");
        Console.WriteLine($"docker    {docker} ({laboratory.Docker})");
        Console.WriteLine($"image     {laboratory.Options.Image}");
        if (laboratory.Options.Quick)
            Console.WriteLine("quick     few rounds: a look, not a measurement");
    }

    // What else goes on: over 1, 5 and 15 minutes, in runnable processes.
    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
