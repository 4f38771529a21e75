using System.Management.Automation;

namespace FlourishaSandbox.Tests;

public sealed class SandboxSessionTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("DOCKER_HOST");

    [Fact]
    public void A_manager_is_kept_as_long_as_the_environment_names_the_same_engine()
    {
        Environment.SetEnvironmentVariable("DOCKER_HOST", "unix:///nonexistent-1.sock");
        var first = SandboxSession.GetManager();
        Assert.Same(first, SandboxSession.GetManager());

        Environment.SetEnvironmentVariable("DOCKER_HOST", "unix:///nonexistent-2.sock");
        var other = SandboxSession.GetManager();
        Assert.NotSame(first, other);
        Assert.Contains("nonexistent-2", other.Engine, StringComparison.Ordinal);

        Environment.SetEnvironmentVariable("DOCKER_HOST", "unix:///nonexistent-1.sock");
        Assert.Same(first, SandboxSession.GetManager());
    }

    [Fact]
    public void Removing_the_module_closes_all_connections()
    {
        Environment.SetEnvironmentVariable("DOCKER_HOST", "unix:///nonexistent-1.sock");
        var manager = SandboxSession.GetManager();

        new SandboxSession().OnRemove(new PSModuleInfo());

        Assert.NotSame(manager, SandboxSession.GetManager());
    }

    [Fact]
    public void An_address_that_cannot_be_used_ends_every_cmdlet_with_an_error_that_names_it()
    {
        Environment.SetEnvironmentVariable("DOCKER_HOST", "ftp://x");

        foreach (var run in new[] { Invocation.Run(new Cmdlets.GetSandboxCommand(), "Name"), Invocation.Run(new Cmdlets.NewSandboxCommand { Image = "base:1" }, "Image") })
        {
            Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
            Assert.Contains("ftp://x", run.Terminating!.ToString(), StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DOCKER_HOST", _before);
        new SandboxSession().OnRemove(new PSModuleInfo());
    }
}
