using System.Diagnostics;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Core.Tests.Scheduling;

/// <summary>The service of systemd that keeps pools full.</summary>
public sealed class PoolServiceTests : IDisposable
{
    private const string Unit = "flourisha-pool.service";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTool _tool = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_written_started_and_left_alone_where_nothing_changes()
    {
        var services = new PoolServices(_tool, _folder.Path, isRunning: true);
        var plan = services.Plan("/bin/true");
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Equal((_folder[Unit], null), (plan.Location, plan.StartCommand));
        Assert.Contains("Type=exec\n", plan.Text, StringComparison.Ordinal);
        Assert.Contains("\nExecStart=\"/bin/true\" \"pool\" \"serve\"\nRestart=on-failure\n", plan.Text, StringComparison.Ordinal);
        Assert.Contains($"\nEnvironment=\"HOME={Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}\"\n", plan.Text, StringComparison.Ordinal);
        Assert.Matches(ScheduleTool.IsRoot ? "\nWantedBy=multi-user.target\n\\z" : "\nWantedBy=default.target\n\\z", plan.Text);

        await services.RegisterAsync(plan, Limits.Token);
        Assert.Equal(["daemon-reload", $"enable {Unit}", $"restart {Unit}"], Calls());
        await services.RegisterAsync(services.Plan("/bin/true"), Limits.Token);
        Assert.Equal(["daemon-reload", $"enable {Unit}", $"start {Unit}"], Calls());
        Assert.Equal(plan.Text, await File.ReadAllTextAsync(_folder[Unit], Limits.Token));

        await services.RegisterAsync(services.Plan("/bin/false"), Limits.Token);
        Assert.Equal(["daemon-reload", $"enable {Unit}", $"restart {Unit}"], Calls());
        Assert.Equal(["/bin/false", "pool", "serve"], (await services.FindAsync(Limits.Token))!.Command);

        Assert.Equal(["/bin/false", "pool", "serve"], (await services.UnregisterAsync(Limits.Token))!.Command);
        Assert.Equal([$"disable --now {Unit}", "daemon-reload"], Calls());
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Null(await services.UnregisterAsync(Limits.Token));
        Assert.Empty(Calls());
    }

    [Theory]
    [InlineData("/bin/true")]
    [InlineData("/tmp/it's 100% of $HOME \"now\" \\/docker-sandbox")]
    public async Task Systemd_accepts_it(string program)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "there is no systemd-analyze here");
        var services = new PoolServices(_tool, _folder.Path, isRunning: false);
        await services.RegisterAsync(services.Plan(program), Limits.Token);
        Assert.Equal([program, "pool", "serve"], (await services.FindAsync(Limits.Token))!.Command.TakeLast(3));

        using var process = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", _folder[Unit]]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync(Limits.Token);
        await process.WaitForExitAsync(Limits.Token);

        // Of other units of this machine it may complain.
        Assert.DoesNotContain(Unit, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_systemd_it_is_written_and_what_starts_it_is_told()
    {
        var services = new PoolServices(_tool, _folder["units"], isRunning: false);
        Assert.Null(await services.UnregisterAsync(Limits.Token));
        var service = await services.RegisterAsync(services.Plan("/bin/true"), Limits.Token);
        Assert.Equal(ScheduleTool.IsRoot ? $"systemctl enable --now {Unit}" : $"systemctl --user enable --now {Unit}", service.StartCommand);
        Assert.Equal(service.Text, await File.ReadAllTextAsync(service.Location, Limits.Token));

        // As 'enable' leaves it.
        var link = _folder[ScheduleTool.IsRoot ? $"units/multi-user.target.wants/{Unit}" : $"units/default.target.wants/{Unit}"];
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, service.Location);
        Assert.NotNull(await services.UnregisterAsync(Limits.Token));
        Assert.Empty(Directory.GetFiles(_folder["units"], "*", SearchOption.AllDirectories));
        Assert.Empty(_tool.Calls);
    }

    [Fact]
    public async Task What_systemd_refuses_is_taken_back()
    {
        var refusing = new PoolServices(new FakeTool { Failure = "System has not been booted with systemd" }, _folder.Path, isRunning: true);
        var failure = await Failure.ExpectAsync(SandboxError.ScheduleFailed, () => refusing.RegisterAsync(refusing.Plan("/bin/true"), Limits.Token));
        Assert.Contains("not been booted", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));

        var services = new PoolServices(_tool, _folder.Path, isRunning: true);
        await services.RegisterAsync(services.Plan("/bin/true"), Limits.Token);
        await Failure.ExpectAsync(SandboxError.ScheduleFailed, () => refusing.RegisterAsync(refusing.Plan("/bin/false"), Limits.Token));
        Assert.Equal("/bin/true", (await services.FindAsync(Limits.Token))!.Command[0]);
    }

    private List<string> Calls()
    {
        var calls = _tool.Calls.Select(call => call.Replace("systemctl ", "", StringComparison.Ordinal).Replace("--user ", "", StringComparison.Ordinal)).ToList();
        _tool.Calls.Clear();
        return calls;
    }
}
