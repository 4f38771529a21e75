using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>One large file and many small ones, in and out, and how much memory it takes.</summary>
internal sealed class CopyBenchmark : Benchmark
{
    private const long LargeLength = 512L << 20;
    private const int SmallFiles = 5000;
    private const double MemoryLimit = 100;

    // Where the time goes into bytes there is no more to be had than docker cp has; where it goes into calls, there is.
    private const double LargeRatio = 1;
    private const double SmallRatio = 0.5;

    /// <inheritdoc/>
    public override string Name => "copy";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var memory = new Series("MB");
        var large = Path.Combine(laboratory.Folder, "large.bin");
        TestData.WriteFile(large, LargeLength);
        await CopyAsync(laboratory, report, memory, "512 MiB file", large, laboratory.Options.Rounds(5), LargeRatio, cancellationToken);
        File.Delete(large);

        var small = Path.Combine(laboratory.Folder, "small");
        TestData.WriteTree(small, SmallFiles);
        await CopyAsync(laboratory, report, memory, "5,000 small files", small, laboratory.Options.Rounds(5), SmallRatio, cancellationToken);

        var peak = new Series(memory.Unit, memory.Values.Max());
        report.Add(new Row("memory while copying, at its highest above the start", peak) { Limit = MemoryLimit });
    }

    private static async Task CopyAsync(Laboratory laboratory, Report report, Series memory, string what, string source, int rounds, double ratioLimit, CancellationToken cancellationToken)
    {
        var inside = $"/var/tmp/{Path.GetFileName(source)}";
        var outside = "";
        Sandbox? sandbox = null;

        // Nothing is removed before the end: ext4 searches long for an inode while many were freed in the last minutes, and who comes
        // next would pay for it.
        var sandboxes = new List<Sandbox>();
        var copies = 0;
        string NextOutside() => outside = Path.Combine(laboratory.Folder, $"copied-{++copies}");

        // Each copy in goes to a sandbox of its own: none finds what another one wrote.
        Contender In(string name, Func<CancellationToken, Task> copy) => new(name, copy)
        {
            Before = async token =>
            {
                sandboxes.Add(sandbox = await laboratory.CreateAsync(token));
                await Laboratory.SyncAsync(token);
            },
        };

        Contender Out(string name, Func<CancellationToken, Task> copy) => new(name, copy)
        {
            Before = token =>
            {
                NextOutside();
                return Laboratory.SyncAsync(token);
            },
        };

        var ins = await Race.RunAsync($"copy {what} in", rounds, warmUps: 1,
        [
            In("ours", token => laboratory.Manager.Files.UploadAsync(sandbox!, [source], inside, OperationObserver.None, token)).Watching(memory),
            In("docker cp", token => laboratory.DockerAsync(token, "cp", source, $"{sandbox!.Id}:{inside}")),
        ], cancellationToken);

        sandboxes.Add(sandbox = await laboratory.CreateAsync(cancellationToken));
        await laboratory.Manager.Files.UploadAsync(sandbox, [source], inside, OperationObserver.None, cancellationToken);
        await VerifyAsync(laboratory, sandbox, source, inside, NextOutside(), cancellationToken);
        var outs = await Race.RunAsync($"copy {what} out", rounds, warmUps: 1,
        [
            Out("ours", token => laboratory.Manager.Files.DownloadAsync(sandbox, inside, outside, OperationObserver.None, token)).Watching(memory),
            Out("docker cp", token => laboratory.DockerAsync(token, "cp", $"{sandbox.Id}:{inside}", outside)),
        ], cancellationToken);
        foreach (var used in sandboxes)
            await laboratory.RemoveAsync(used, cancellationToken);

        for (; copies > 0; copies--)
            Delete(Path.Combine(laboratory.Folder, $"copied-{copies}"));

        report.Add(new Row($"copy {what} in", ins[0]) { Against = "docker cp", Other = ins[1], RatioLimit = ratioLimit });
        report.Add(new Row($"copy {what} out", outs[0]) { Against = "docker cp", Other = outs[1], RatioLimit = ratioLimit });
    }

    // Fast and wrong would be no result.
    private static async Task VerifyAsync(Laboratory laboratory, Sandbox sandbox, string source, string inside, string outside, CancellationToken cancellationToken)
    {
        var expected = TestData.Hash(source);
        if (File.Exists(source))
        {
            var sum = await laboratory.Manager.RunAsync(sandbox, new CommandRequest { Command = "sha256sum", Arguments = [inside] }, input: null, OperationObserver.None, cancellationToken);
            Require(sum.Output.Split(' ')[0] == expected, "what arrived in the sandbox is not what was sent");
        }

        await laboratory.Manager.Files.DownloadAsync(sandbox, inside, outside, OperationObserver.None, cancellationToken);
        Require(TestData.Hash(outside) == expected, "what came back is not what was sent");
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new InvalidOperationException(problem);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }
}
