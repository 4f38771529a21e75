using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Tests;

/// <summary>Register- and Unregister-SandboxPool, with a folder in place of systemd's.</summary>
public sealed class PoolServiceCmdletTests : CmdletTest
{
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly string _unit;

    public PoolServiceCmdletTests()
    {
        var units = Path.Combine(Folder, "units");
        _unit = Path.Combine(units, "flourisha-pool.service");
        SandboxSession.PoolServicesOverride = new PoolServices(new ScheduleTool(), units, isRunning: false);
        MakeFile(Path.GetFileName(Program));
        Environment.SetEnvironmentVariable("PATH", Folder);
    }

    private string Program => Path.Combine(Folder, OperatingSystem.IsWindows() ? "docker-sandbox.exe" : "docker-sandbox");

    public override void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        SandboxSession.PoolServicesOverride = null;
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Register_says_what_it_would_write_and_writes_nothing_without_consent()
    {
        var invocation = new Invocation(new RegisterSandboxPoolCommand()) { Answer = (_, _) => false };
        invocation.Run();

        var (target, action) = Assert.Single(invocation.Questions);
        Assert.Equal(_unit, target);
        Assert.Contains("\nRestart=on-failure\n", action, StringComparison.Ordinal);
        Assert.Contains("docker-sandbox\" \"pool\" \"serve\"\n", action, StringComparison.Ordinal);
        Assert.Empty(invocation.Order);
        Assert.False(Directory.Exists(Path.GetDirectoryName(_unit)));
    }

    [Fact]
    public void Register_writes_and_tells_what_is_left_to_do_where_systemd_does_not_run()
    {
        var run = Invocation.Run(new RegisterSandboxPoolCommand());

        Assert.Equal((_unit, Program), (run.OutputOf<PoolService>().Single().Location, run.OutputOf<PoolService>().Single().Command[0]));
        Assert.Contains("enable --now flourisha-pool.service", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal(run.OutputOf<PoolService>().Single().Text, File.ReadAllText(_unit));
        Assert.Single(Invocation.Run(new RegisterSandboxPoolCommand()).Output);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_unit)!));
    }

    [Fact]
    public void Register_needs_the_command_line()
    {
        File.Delete(Program);
        Assert.Equal("ScheduleFailed", Invocation.Run(new RegisterSandboxPoolCommand()).Terminating?.FullyQualifiedErrorId);
        Assert.False(File.Exists(_unit));
    }

    [Fact]
    public void Unregister_asks_and_takes_away_and_has_nothing_to_say_where_nothing_is()
    {
        Assert.Empty(Invocation.Run(new UnregisterSandboxPoolCommand()).Questions);
        Invocation.Run(new RegisterSandboxPoolCommand());
        new Invocation(new UnregisterSandboxPoolCommand()) { Answer = (_, _) => false }.Run();
        Assert.True(File.Exists(_unit));

        var run = Invocation.Run(new UnregisterSandboxPoolCommand { PassThru = true });
        Assert.Equal(_unit, Assert.Single(run.Questions).Target);
        Assert.Equal(_unit, run.OutputOf<PoolService>().Single().Location);
        Assert.False(File.Exists(_unit));
    }
}
