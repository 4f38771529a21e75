using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Lifecycle;

/// <summary>
/// What a process leaves that is killed, as by kill -9, at any moment of what it does: only what Clear-StaleSandbox then removes. The
/// process is the command line's own program, with a user folder of its own.
/// </summary>
[Trait("Category", Engine.Category)]
public sealed class KilledProcessTests : IAsyncDisposable
{
    private const int Moments = 50;

    private readonly TemporaryFolder _home = new();
    private readonly string _owner = $"test-killed-{Guid.NewGuid():N}";

    private static string Program { get; } = Path.Combine(Repository.Root, "output", "bin", "docker-sandbox");

    public async ValueTask DisposeAsync()
    {
        // Where a test failed, and on an engine that is there at all.
        if (Directory.Exists(_home["data"]))
        {
            var client = await Engine.ClientAsync();
            foreach (var container in await client.Containers.ListAsync(all: true, Owned(), CancellationToken.None))
                await client.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, CancellationToken.None);
        }

        _home.Dispose();
    }

    [Fact]
    public async Task Killed_at_fifty_random_moments_it_leaves_only_what_the_clean_up_removes()
    {
        var image = await Engine.ImageAsync();
        var client = await Engine.ClientAsync();
        Assert.SkipUnless(File.Exists(Program), $"there is no {Program}: ./build.sh build makes it");
        Directory.CreateDirectory(_home["in"]);
        await File.WriteAllBytesAsync(_home["in/data"], new byte[20 << 20], Limits.Token);

        // Made in order, by a process that ended: it must survive all of this.
        var (_, id) = await CallAsync("init", "--image", image, "--timeout", "20m");
        var before = await SnapshotAsync(client);
        Assert.Contains(before, thing => thing.Contains(id, StringComparison.Ordinal));

        // What each takes is found out first; then it is killed somewhere in there, or just after.
        var works = new List<Work>
        {
            new("claim", number => ["init", "--image", image, "--timeout", "20m", "--name", $"{_owner}-{number}", "--env", "CLAIMED=yes"]),
            new("create", number => ["init", "--image", image, "--timeout", "20m", "--name", $"{_owner}-{number}-cold", "--no-pool"]),
            new("exec", _ => ["exec", id, "sh", "-c", "sleep 0.3; exec sleep 0.3"]),
            new("upload", _ => ["upload", id, _home["in"], "/tmp/"]),
            new("download", number => ["download", id, "/tmp/in", _home[$"out-{number}"]]),
            new("fork", _ => ["fork", id, "--count", "2"]),
        };
        await CallAsync("pool", "set", "1", "--image", image);
        foreach (var work in works)
            work.Length = await TimeAsync(work.Words(-1));

        await RemoveAllButAsync(client, id);
        await CallAsync("pool", "set", "10", "--image", image);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {string.Join(", ", works.Select(work => $"{work.Name} {work.Length.TotalMilliseconds:0} ms"))}");
        for (var number = 0; number < Moments; number++)
        {
            var work = works[number % works.Count];
            var moment = work.Length * random.NextDouble() * 1.1;
            await KillAsync(work, number, moment);
        }

        await SettleAsync(client);
        var left = (await SnapshotAsync(client)).Except(before).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"left by {Moments}: {left.Count}");
        Assert.NotEmpty(left);

        // A record is kept for a minute, as what its process asked for may still come to be: here that minute has passed.
        await CallAsync("cleanup", "--json");
        foreach (var record in Records())
            File.SetLastWriteTimeUtc(record, DateTime.UtcNow - TimeSpan.FromMinutes(2));

        await CallAsync("cleanup", "--json");

        // What nobody claimed waits as before, and goes as a pool does.
        var waiting = JsonDocument.Parse((await CallAsync("pool", "list", "--json")).Output).RootElement[0].GetProperty("ready").GetInt32();
        TestContext.Current.TestOutputHelper?.WriteLine($"still waiting of 10: {waiting}");
        Assert.InRange(waiting, 1, 10);
        await CallAsync("pool", "clear");
        Assert.Equal(before, await SnapshotAsync(client));
        Assert.Empty(Records());
        Assert.Equal("alive", (await CallAsync("exec", id, "echo", "alive")).Output);

        // Nothing of the killed ones runs on in the sandbox, and none of their uploads is half there under a name of its own.
        var inside = (await CallAsync("exec", id, "sh", "-c", "ps -eo args | grep -c '[s]leep 0.3'; ls -A /tmp")).Output.Split('\n');
        Assert.Equal("0", inside[0]);
        Assert.All(inside.Skip(1), name => Assert.Equal("in", name));
        await CallAsync("kill", id);
    }

    [Fact]
    public async Task What_a_killed_process_made_is_abandoned_unless_somebody_prolonged_it()
    {
        var image = await Engine.ImageAsync();
        var client = await Engine.ClientAsync();
        Assert.SkipUnless(File.Exists(Program), $"there is no {Program}: ./build.sh build makes it");

        // Killed as soon as it has made the first of several.
        var starts = Enumerable.Range(0, 2).Select(number => Start(["init", "--image", image, "--timeout", "20m", "--count", "40", "--name", $"{_owner}-{number}"])).ToList();
        List<ContainerSummary> running = [];
        for (var i = 0; i < 600 && !(running.Exists(one => one.Names[0].Contains("-0-", StringComparison.Ordinal)) && running.Exists(one => one.Names[0].Contains("-1-", StringComparison.Ordinal))); i++)
        {
            await Task.Delay(50, Limits.Token);
            running = [.. await client.Containers.ListAsync(all: false, Owned(), Limits.Token)];
        }

        foreach (var process in starts)
            await EndAsync(process);

        var saved = running.First(one => one.Names[0].Contains("-1-", StringComparison.Ordinal));
        await CallAsync("extend-lifetime", saved.Id, "3h");
        await SettleAsync(client);
        var stale = JsonDocument.Parse((await CallAsync("cleanup", "--json")).Output).RootElement.EnumerateArray().ToList();
        Assert.Contains(stale, item => item.GetProperty("reason").GetString()!.Contains("was killed", StringComparison.Ordinal) && item.GetProperty("removed").GetBoolean());
        Assert.Equal([saved.Id], (await client.Containers.ListAsync(all: true, Owned(), Limits.Token)).Select(one => one.Id));
        await CallAsync("kill", saved.Id);
    }

    [Fact]
    public async Task Whoever_ends_in_order_leaves_no_record_also_when_a_signal_ends_it()
    {
        var image = await Engine.ImageAsync();
        var client = await Engine.ClientAsync();
        Assert.SkipUnless(File.Exists(Program), $"there is no {Program}: ./build.sh build makes it");
        var (_, id) = await CallAsync("init", "--image", image, "--timeout", "20m");
        Assert.Empty(Records());

        using var process = Start(["init", "--image", image, "--timeout", "20m", "--count", "40"]);
        for (var i = 0; i < 600 && Records().Length == 0; i++)
            await Task.Delay(20, Limits.Token);

        Assert.Single(Records());
        Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(Limits.Token);
        Assert.Equal(143, process.ExitCode);
        Assert.Empty(Records());
        Assert.Equal([id], (await client.Containers.ListAsync(all: true, Owned(), Limits.Token)).Select(one => one.Id[..12]));
        Assert.Equal("[]", (await CallAsync("cleanup", "--json")).Output);
        await CallAsync("kill", id);
    }

    [Fact]
    public async Task A_deadline_is_kept_with_nobody_there_and_the_latest_of_a_hundred_extensions_holds()
    {
        var image = await Engine.ImageAsync();
        var client = await Engine.ClientAsync();
        Assert.SkipUnless(File.Exists(Program), $"there is no {Program}: ./build.sh build makes it");
        var (_, longer) = await CallAsync("init", "--image", image, "--timeout", "20m");
        var (_, shorter) = await CallAsync("init", "--image", image, "--timeout", "5s");

        // Four at a time, each with a time of its own that tells whose it was.
        var values = Enumerable.Range(0, 100).Select(number => 3600 + (number * 10)).ToList();
        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Limits.Token }, async (seconds, _) => await CallAsync("extend-lifetime", longer, $"{seconds}s"));
        var last = await DeadlineAsync(longer);
        Assert.Contains(values, seconds => Math.Abs((last - DateTimeOffset.UtcNow).TotalSeconds - seconds) < 120);
        await CallAsync("extend-lifetime", longer, "9h");
        Assert.InRange((await DeadlineAsync(longer) - DateTimeOffset.UtcNow).TotalHours, 8.9, 9);

        var exit = await client.Containers.WaitAsync(shorter, Limits.Token);
        var state = (await client.Containers.InspectAsync(shorter, Limits.Token)).State;
        Assert.Equal(124, exit);
        var late = state.FinishedAt - state.StartedAt - TimeSpan.FromSeconds(5);
        TestContext.Current.TestOutputHelper?.WriteLine($"late by {late.TotalMilliseconds:0} ms");
        Assert.InRange(late, TimeSpan.FromSeconds(-0.5), TimeSpan.FromSeconds(2));
        await CallAsync("kill", longer, shorter);
    }

    private DockerFilters Owned() => new DockerFilters().Add("label", $"flourisha.owner={_owner}");

    private string[] Records() => Directory.Exists(_home["data/FlourishaSandbox/sessions"]) ? Directory.GetFiles(_home["data/FlourishaSandbox/sessions"]) : [];

    private async Task<DateTimeOffset> DeadlineAsync(string id) =>
        JsonDocument.Parse((await CallAsync("info", id, "--json")).Output).RootElement.GetProperty("deadline").GetDateTimeOffset();

    // All of this owner on the engine, and the files that the program keeps; but for the audit, which is there to stay.
    private async Task<IReadOnlyList<string>> SnapshotAsync(DockerClient client)
    {
        var containers = (await client.Containers.ListAsync(all: true, Owned(), Limits.Token)).Select(one => $"container {one.Id} {one.State}");
        var images = (await client.Images.ListAsync(Owned(), Limits.Token)).Select(one => $"image {one.Id}");
        var networks = (await client.Networks.ListAsync(Owned(), Limits.Token)).Select(one => $"network {one.Id}");
        var volumes = (await client.Volumes.ListAsync(Owned(), Limits.Token)).Select(one => $"volume {one.Name}");
        var files = Directory.Exists(_home["data"]) ? Directory.EnumerateFiles(_home["data"], "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).Contains("audit", StringComparison.Ordinal)) : [];
        return [.. containers.Concat(images).Concat(networks).Concat(volumes).Concat(files).Order(StringComparer.Ordinal)];
    }

    // The engine goes on with what it was asked for, for a moment: until nothing has changed for two seconds.
    private async Task SettleAsync(DockerClient client)
    {
        IReadOnlyList<string> before;
        var now = await SnapshotAsync(client);
        do
        {
            before = now;
            await Task.Delay(TimeSpan.FromSeconds(2), Limits.Token);
            now = await SnapshotAsync(client);
        }
        while (!before.SequenceEqual(now));
    }

    private async Task RemoveAllButAsync(DockerClient client, string id)
    {
        foreach (var container in await client.Containers.ListAsync(all: true, Owned(), Limits.Token))
        {
            if (!container.Id.StartsWith(id, StringComparison.Ordinal))
                await CallAsync("kill", container.Id);
        }
    }

    private async Task<TimeSpan> TimeAsync(IReadOnlyList<string> words)
    {
        var started = Stopwatch.GetTimestamp();
        await CallAsync([.. words]);
        return Stopwatch.GetElapsedTime(started);
    }

    private async Task<(int ExitCode, string Output)> CallAsync(params string[] words)
    {
        using var process = Start(words);
        var output = process.StandardOutput.ReadToEndAsync(Limits.Token);
        var error = process.StandardError.ReadToEndAsync(Limits.Token);
        await process.WaitForExitAsync(Limits.Token);
        Assert.True(process.ExitCode == 0, $"docker-sandbox {string.Join(' ', words)} ended with {process.ExitCode}: {await error}");
        return (process.ExitCode, (await output).TrimEnd('\n'));
    }

    private async Task KillAsync(Work work, int number, TimeSpan after)
    {
        using var process = Start(work.Words(number));
        await Task.Delay(after, Limits.Token);
        await EndAsync(process);

        // It was done before the kill: what it made is somebody's, who would have read its id here.
        var made = work.Makes ? (await process.StandardOutput.ReadToEndAsync(Limits.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        if (made.Length > 0)
            await CallAsync(["kill", .. made]);
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(Limits.Token);
    }

    private Process Start(IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo(Program, words) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["FLOURISHA_OWNER"] = _owner;
        start.Environment["XDG_DATA_HOME"] = _home["data"];
        start.Environment["HOME"] = _home["home"];
        start.Environment["FLOURISHA_AGENT"] = Repository.Agents;
        return Process.Start(start)!;
    }

    private sealed class Work(string name, Func<int, IReadOnlyList<string>> words)
    {
        public string Name => name;

        public Func<int, IReadOnlyList<string>> Words => words;

        /// <summary>Whether it makes sandboxes, and prints their ids.</summary>
        public bool Makes => Name is "claim" or "create" or "fork";

        public TimeSpan Length { get; set; }
    }
}
