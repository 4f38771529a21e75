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

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DOCKER_HOST", _before);
        new SandboxSession().OnRemove(new PSModuleInfo());
    }
}
