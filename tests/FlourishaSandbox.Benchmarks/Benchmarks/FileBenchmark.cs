using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>A file of one kilobyte, written and read back.</summary>
internal sealed class FileBenchmark : Benchmark
{
    private const int Length = 1024;
    private const double RatioToDocker = 0.1;

    /// <inheritdoc/>
    public override string Name => "file";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var sandbox = await laboratory.CreateAsync(cancellationToken);
        var (source, copy) = (Path.Combine(laboratory.Folder, "small.bin"), Path.Combine(laboratory.Folder, "small.copy"));
        TestData.WriteFile(source, Length);
        var content = await File.ReadAllBytesAsync(source, cancellationToken);

        var writes = await Race.RunAsync("write a file", laboratory.Options.Rounds(30), warmUps: 2,
        [
            new("ours", token => laboratory.Manager.Files.WriteAsync(sandbox, "/var/tmp/ours.bin", new MemoryStream(content), token)),
            new("docker cp", token => laboratory.DockerAsync(token, "cp", source, $"{sandbox.Id}:/var/tmp/theirs.bin")),
        ], cancellationToken);
        var reads = await Race.RunAsync("read a file", laboratory.Options.Rounds(30), warmUps: 2,
        [
            new("ours", async token =>
            {
                await using var stream = await laboratory.Manager.Files.OpenReadAsync(sandbox, "/var/tmp/ours.bin", token);
                using var read = new MemoryStream();
                await stream.CopyToAsync(read, token);
                if (!read.ToArray().AsSpan().SequenceEqual(content))
                    throw new InvalidOperationException("What was read is not what was written.");
            }),
            new("docker cp", token => laboratory.DockerAsync(token, "cp", $"{sandbox.Id}:/var/tmp/theirs.bin", copy)),
        ], cancellationToken);
        await laboratory.RemoveAsync(sandbox, cancellationToken);

        report.Add(new Row("write a file of 1 KB", writes[0]) { Against = "docker cp", Other = writes[1], RatioLimit = RatioToDocker });
        report.Add(new Row("read a file of 1 KB", reads[0]) { Against = "docker cp", Other = reads[1], RatioLimit = RatioToDocker });
    }
}
