using System.Diagnostics;
using System.Formats.Tar;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A root file system of a few programs of this machine, for an engine that has no image and no registry.</summary>
internal static class HostRootFileSystem
{
    private static readonly string[] s_programs = ["/bin/sh", "/bin/cat", "/bin/sleep"];

    public static async Task WriteTarAsync(Stream destination, CancellationToken cancellationToken)
    {
        await using var writer = new TarWriter(destination, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var path in s_programs.Concat(await LibrariesAsync(cancellationToken)).Distinct())
        {
            await using var content = File.OpenRead(path);
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/')) { Mode = (UnixFileMode)0b111_101_101, DataStream = content }, cancellationToken);
        }
    }

    private static async Task<IEnumerable<string>> LibrariesAsync(CancellationToken cancellationToken)
    {
        using var ldd = Process.Start(new ProcessStartInfo("ldd", s_programs) { RedirectStandardOutput = true })!;
        var output = await ldd.StandardOutput.ReadToEndAsync(cancellationToken);
        await ldd.WaitForExitAsync(cancellationToken);
        return output.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("/lib", StringComparison.Ordinal));
    }
}
