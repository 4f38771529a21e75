using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>How an agent begins, and how it ends: with all that it started.</summary>
public sealed class LifeTests
{
    private const int TerminatedExitCode = 143;
    private const int DeadlineExitCode = 124;

    [Fact]
    public async Task At_its_deadline_it_ends_with_all_that_it_started()
    {
        using var agent = RunningAgent.Start("--lifetime", "2");
        var watch = Stopwatch.StartNew();
        var run = agent.Http.RunAsync("trap 'echo bye; exit' TERM; setsid sleep 4711 & echo $!; while :; do sleep 0.05; done");
        Assert.Equal(DeadlineExitCode, await agent.WaitForExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

        var output = (await run).Stdout.Split('\n');
        Assert.Equal("bye", output[1]);
        Assert.False(Directory.Exists($"/proc/{output[0]}"));
    }

    [Fact]
    public async Task The_deadline_can_be_moved_and_taken_away()
    {
        using var agent = RunningAgent.Start("--lifetime", "2");
        var first = await GetDeadlineAsync(agent);
        Assert.InRange(first.RemainingMs!.Value, 1, 2000);
        Assert.InRange(first.EndsAt!.Value - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        var moved = await SetDeadlineAsync(agent, 60_000);
        Assert.InRange(moved.RemainingMs!.Value, 50_000, 60_000);
        await Task.Delay(2500);
        Assert.True(await agent.Http.IsHealthyAsync());

        Assert.Equal(new Deadline(null, null), await SetDeadlineAsync(agent, null));
        await SetDeadlineAsync(agent, 1);
        Assert.Equal(DeadlineExitCode, await agent.WaitForExitAsync());
    }

    [Fact]
    public async Task A_deadline_that_is_none_is_refused()
    {
        using var agent = new RunningAgent();
        Assert.Equal(new Deadline(null, null), await GetDeadlineAsync(agent));
        using var response = await agent.Http.Client.PutAsync(EnvdRoutes.Deadline, JsonContent.Create(new { timeoutMs = 0 }));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task On_SIGTERM_it_ends_with_all_that_it_started()
    {
        using var agent = new RunningAgent();
        var run = agent.Http.RunAsync("trap 'echo bye; exit' TERM; (trap '' TERM; setsid sh -c 'trap \"\" TERM; while :; do sleep 0.1; done') & echo hi; while :; do sleep 0.05; done");
        await RunningAgent.WaitUntilAsync(async () => (await agent.Http.ListAsync()).Processes is [{ Flourisha: { Offset: > 0, Running: > 2 } }], "it runs");
        var pids = Descendants(agent.Pid);
        Assert.True(pids.Count > 2);

        agent.Signal("TERM");
        Assert.Equal(TerminatedExitCode, await agent.WaitForExitAsync());
        Assert.Equal("hi\nbye\n", (await run).Stdout);
        await RunningAgent.WaitUntilAsync(() => pids.TrueForAll(pid => !Directory.Exists($"/proc/{pid}")), "nothing is left");
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(20_000, "bye\n")]
    public async Task Whoever_asks_it_to_end_says_how_long_its_processes_may_take(int grace, string output)
    {
        using var agent = new RunningAgent();
        var run = agent.Http.RunAsync("trap 'sleep 3; echo bye; exit' TERM; echo hi >&2; while :; do sleep 0.05; done");
        await RunningAgent.WaitUntilAsync(async () => (await agent.Http.ListAsync()).Processes is [{ Flourisha.Offset: > 0 }], "it runs");
        using var response = await agent.Http.Client.PostAsJsonAsync(EnvdRoutes.End, new EndRequest(grace), EnvdJson.Default.EndRequest);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(TerminatedExitCode, await agent.WaitForExitAsync());
        Assert.Equal(output, (await run).Stdout);
    }

    [Fact]
    public async Task With_nothing_to_end_it_ends_at_once()
    {
        using var agent = new RunningAgent();
        var watch = Stopwatch.StartNew();
        agent.Signal("TERM");
        Assert.Equal(TerminatedExitCode, await agent.WaitForExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_start_command_runs_from_the_beginning()
    {
        using var agent = RunningAgent.Start("--workdir", "/usr", "--", "sh", "-c", "echo $PWD $0 $1; sleep 100", "a b", "--port");
        var run = default(ProcessRun);
        await RunningAgent.WaitUntilAsync(
            async () =>
            {
                run = await ProcessRun.ReadAsync(agent.Http.ConnectAsync(new ConnectRequest { Process = new ProcessSelector { Tag = "start" }, Flourisha = new ConnectOptions { NoFollow = true } }));
                return run.Bytes > 0;
            },
            "it has written");
        Assert.Equal("/usr a b --port\n", run!.Stdout);
    }

    [Fact]
    public async Task A_start_command_that_cannot_start_is_told_in_the_log()
    {
        using var agent = RunningAgent.Start("--", "no-such-program");
        await RunningAgent.WaitUntilAsync(() => agent.Log.Contains("no-such-program", StringComparison.Ordinal), "the log says so");
        Assert.True(await agent.Http.IsHealthyAsync());
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("serve", "--port")]
    [InlineData("serve", "--port", "0")]
    [InlineData("serve", "--port", "http")]
    [InlineData("serve", "--lifetime", "0")]
    [InlineData("serve", "--address", "localhost")]
    [InlineData("serve", "--workdir", "tmp")]
    [InlineData("serve", "--token-sha256", "abc")]
    [InlineData("serve", "--output-limit", "1")]
    [InlineData("serve", "--on-timeout", "explode")]
    [InlineData("serve", "--nonsense", "1")]
    [InlineData("relay", "--port", "x")]
    [InlineData("relay", "5")]
    public async Task A_wrong_call_is_told(params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.AgentFolder, "flourisha-agent"), words) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        Assert.StartsWith("flourisha-agent: ", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        using var agent = new RunningAgent();
        var start = new ProcessStartInfo(Path.Combine(Repository.AgentFolder, "flourisha-agent"), ["serve", "--port", $"{agent.Port}", "--address", "127.0.0.1"]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        Assert.Contains("cannot be listened on", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task What_loses_its_parent_is_reaped_by_the_agent()
    {
        using var agent = new RunningAgent();
        for (var i = 0; i < 20; i++)
            await agent.Http.RunAsync("(sleep 0.1 &)");

        await RunningAgent.WaitUntilAsync(() => Descendants(agent.Pid).Count == 0, "no process is left, dead or alive");
    }

    private static List<int> Descendants(int pid)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(folder[^1])))
        {
            try
            {
                var record = File.ReadAllText(Path.Combine(folder, "stat"));
                parents[int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture)] =
                    int.Parse(record[(record.LastIndexOf(')') + 4)..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return [.. parents.Keys.Where(IsBelow)];

        bool IsBelow(int child) => parents.TryGetValue(child, out var parent) && (parent == pid || IsBelow(parent));
    }

    private static async Task<Deadline> GetDeadlineAsync(RunningAgent agent)
        => (await agent.Http.Client.GetFromJsonAsync(new Uri(EnvdRoutes.Deadline, UriKind.Relative), EnvdJson.Default.Deadline))!;

    private static async Task<Deadline> SetDeadlineAsync(RunningAgent agent, long? milliseconds)
    {
        using var response = await agent.Http.Client.PutAsJsonAsync(new Uri(EnvdRoutes.Deadline, UriKind.Relative), new DeadlineRequest(milliseconds), EnvdJson.Default.DeadlineRequest);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(EnvdJson.Default.Deadline))!;
    }
}
