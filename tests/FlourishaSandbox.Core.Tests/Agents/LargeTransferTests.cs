using System.Security.Cryptography;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Agents;

/// <summary>What rivals' users suffer from: output without an end that eats the host, and uploads that get lost.</summary>
[Collection(Alone.Name)]
[Trait("Category", Engine.Category)]
public sealed class LargeTransferTests : IDisposable
{
    private const long MemoryLimit = 64_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_gigabyte_of_output_costs_under_64_MB_here_and_comes_whole_to_whoever_takes_it()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        Counter? counted = null;
        var growth = await GrowthAsync(() => house.Manager.RunAsync(sandbox, new CommandRequest { Command = "head -c 1G /dev/zero" }, input: null, counted = new Counter(), OperationObserver.None, Limits.Token));
        Assert.Equal(1L << 30, counted!.Bytes);
        Assert.InRange(growth, long.MinValue, MemoryLimit);
    }

    [Fact]
    public async Task A_gigabyte_of_output_that_is_to_be_kept_costs_under_64_MB_too_and_is_cut()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        FlourishaSandbox.Commands.CommandResult? result = null;
        var growth = await GrowthAsync(async () => result = await house.RunAsync(sandbox, "head -c 1G /dev/zero; echo end >&2"));
        Assert.Equal((0, true, "end\n"), (result!.ExitCode ?? -1, result.Truncated, result.Error));
        Assert.InRange(growth, long.MinValue, MemoryLimit);
    }

    [Fact]
    public async Task An_upload_of_200_MB_arrives_bit_for_bit_and_belongs_to_the_user()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var content = new byte[200_000_000];
        new Random(20261124).NextBytes(content);
        await File.WriteAllBytesAsync(_folder["large"], content, Limits.Token);

        await house.Manager.Files.UploadAsync(sandbox, [_folder["large"]], "/tmp/large", OperationObserver.None, Limits.Token);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant(), (await house.ShellAsync(sandbox, "sha256sum /tmp/large")).Split(' ')[0]);
        Assert.Equal("10000:10000", await house.ShellAsync(sandbox, "stat -c %u:%g /tmp/large"));
    }

    // What else the process does with its memory only adds to this, so that the least of three looks says most.
    private static async Task<long> GrowthAsync(Func<Task> work)
    {
        var least = long.MaxValue;
        for (var look = 0; look < 3 && least > MemoryLimit; look++)
            least = Math.Min(least, await PeakAsync(work));

        return least;
    }

    // By how much this process's memory is at most above what it was.
    private static async Task<long> PeakAsync(Func<Task> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var (before, peak) = (Environment.WorkingSet, 0L);
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                await Task.Delay(10);
            }
        });
        await work();
        await done.CancelAsync();
        await watching;
        return peak - before;
    }

    private sealed class Counter : ICommandOutput
    {
        public long Bytes { get; private set; }

        public ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Bytes += data.Length;
            return ValueTask.CompletedTask;
        }

        public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
