using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Lifecycle;

/// <summary>Suspending, stopping and starting, on the real engine.</summary>
[Trait("Category", Engine.Category)]
public sealed class LifecycleTests
{
    [Fact]
    public async Task A_suspended_sandbox_says_so_and_goes_on_where_it_was()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await house.ShellAsync(sandbox, "echo kept > /tmp/file");

        Assert.Equal(SandboxState.Suspended, (await house.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token)).State);
        Assert.Equal(SandboxState.Suspended, (await house.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token)).State);
        var suspended = await house.AgainAsync(sandbox);
        var refused = await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => house.RunAsync(suspended, "true"));
        Assert.Contains("Resume-Sandbox", refused.Remedy, StringComparison.Ordinal);
        refused = await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => house.Manager.Lifecycle.StartAsync(suspended, timeout: null, OperationObserver.None, Limits.Token));
        Assert.Contains("Resume-Sandbox", refused.Remedy, StringComparison.Ordinal);

        var resumed = await house.Manager.Lifecycle.ResumeAsync(suspended, timeout: null, OperationObserver.None, Limits.Token);
        Assert.Equal(SandboxState.Running, resumed.State);
        Assert.InRange(resumed.Deadline!.Value - sandbox.Deadline!.Value, TimeSpan.FromSeconds(-15), TimeSpan.FromSeconds(15));
        Assert.Equal("kept", await house.ShellAsync(resumed, "cat /tmp/file"));
    }

    [Fact]
    public async Task One_whose_deadline_passes_while_it_is_suspended_lives_on_when_it_is_resumed()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(3) });
        await house.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token);
        await Task.Delay(TimeSpan.FromSeconds(4), Limits.Token);
        var resumed = await house.Manager.Lifecycle.ResumeAsync(sandbox, TimeSpan.FromMinutes(5), OperationObserver.None, Limits.Token);
        Assert.InRange(resumed.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal("alive", await house.ShellAsync(resumed, "echo alive"));
    }

    [Fact]
    public async Task A_stopped_sandbox_keeps_its_files_and_lives_its_life_again_when_it_is_started()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await house.ShellAsync(sandbox, "echo kept > /var/tmp/file");
        var request = new FlourishaSandbox.Commands.CommandRequest { Command = "trap 'sleep 3; echo bye > /var/tmp/end; exit' TERM; echo up; while :; do sleep 0.1; done" };
        await house.Manager.Processes.StartAsync(sandbox, request, new ProcessOptions(), OperationObserver.None, Limits.Token);
        await Task.Delay(500, Limits.Token);

        // Longer than the agent's own two seconds.
        var stopped = await house.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.FromSeconds(20), OperationObserver.None, Limits.Token);
        Assert.Equal((SandboxState.Stopped, 143), (stopped.State, stopped.ExitCode));
        var refused = await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => house.RunAsync(stopped, "true"));
        Assert.Contains("Start-Sandbox", refused.Remedy, StringComparison.Ordinal);

        var started = await house.Manager.Lifecycle.StartAsync(stopped, timeout: null, OperationObserver.None, Limits.Token);
        Assert.Equal("kept\nbye", await house.ShellAsync(started, "cat /var/tmp/file /var/tmp/end"));
        Assert.InRange(started.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        started = await house.Manager.Lifecycle.StartAsync(started, TimeSpan.FromHours(3), OperationObserver.None, Limits.Token);
        Assert.InRange(started.Deadline!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(179), TimeSpan.FromMinutes(180));
    }

    [Fact]
    public async Task A_suspended_sandbox_can_be_stopped_and_without_grace_at_once()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await house.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Equal(SandboxState.Stopped, (await house.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.Zero, OperationObserver.None, Limits.Token)).State);
    }

    [Fact]
    public async Task At_its_deadline_a_sandbox_can_go_by_itself_with_nobody_there()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(2), OnTimeout = TimeoutAction.Remove });
        await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.Zero, OperationObserver.None, Limits.Token));
        for (var i = 0; i < 200 && (await house.LeftoversAsync()).Count > 0; i++)
            await Task.Delay(100, Limits.Token);

        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task At_its_deadline_a_sandbox_can_be_suspended_and_everybody_sees_it()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Timeout = TimeSpan.FromSeconds(2), OnTimeout = TimeoutAction.Suspend });
        Sandbox seen;
        do
        {
            await Task.Delay(200, Limits.Token);
            seen = Assert.Single(await house.Manager.ListAsync(new SandboxFilter { Owner = house.Settings.Owner }, Limits.Token));
        }
        while (seen.State != SandboxState.Suspended);

        var refused = await Failure.ExpectAsync(SandboxError.SandboxNotRunning, () => house.RunAsync(sandbox, "true"));
        Assert.Contains("Resume-Sandbox", refused.Remedy, StringComparison.Ordinal);
        var resumed = await house.Manager.Lifecycle.ResumeAsync(sandbox, TimeSpan.FromMinutes(5), OperationObserver.None, Limits.Token);
        Assert.Equal("alive", await house.ShellAsync(resumed, "echo alive"));
    }

    [Fact]
    public async Task Without_an_agent_nobody_can_suspend_at_a_deadline_and_that_is_said_at_once()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        await Failure.ExpectAsync(SandboxError.AgentUnavailable, () => house.CreateAsync(options => options with { OnTimeout = TimeoutAction.Suspend }));
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task A_volume_is_made_with_the_sandbox_and_goes_with_a_creation_that_fails()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var (kept, failed) = (house.NewVolume(), house.NewVolume());
        var sandbox = await house.CreateAsync(options => options with { Volumes = [SandboxVolume.Parse($"{kept}:/data:rw")] });
        Assert.Equal("volume", (await house.Client.Volumes.InspectAsync(kept, Limits.Token))!.Labels["flourisha.sandbox"]);

        // The name is taken, and the volume that was there before stays.
        await Failure.ExpectAsync(SandboxError.NameInUse, () => house.CreateAsync(options => options with { Name = sandbox.Name, Volumes = [SandboxVolume.Parse($"{kept}:/data"), SandboxVolume.Parse($"{failed}:/more")] }));
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        await Failure.ExpectAsync(SandboxError.EngineFailed, () => house.CreateAsync(options => options with { WorkingDirectory = "/etc/passwd", Volumes = [SandboxVolume.Parse($"{kept}:/data"), SandboxVolume.Parse($"{failed}:/more")] }));
        Assert.NotNull(await house.Client.Volumes.InspectAsync(kept, Limits.Token));
        Assert.Null(await house.Client.Volumes.InspectAsync(failed, Limits.Token));
    }
}
