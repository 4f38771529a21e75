using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Firewall;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Install-, Uninstall- and Get-SandboxFirewall.</summary>
public sealed class FirewallCmdletTests : CmdletTest
{
    [Fact]
    public void Install_asks_once_with_the_rules_and_gives_them_where_wanted()
    {
        var run = Invocation.Run(new InstallSandboxFirewallCommand { PassThru = true });

        var question = Assert.Single(run.Questions);
        Assert.Contains("iptables -A FLOURISHA-INPUT -j REJECT", question.Target);
        Assert.Equal("Install 1 rules of the firewall", question.Action);
        Assert.True(Runtime.Firewall.IsInstalled);
        Assert.True(run.OutputOf<FirewallRule>().Single().Present);
        Assert.Empty(Invocation.Run(new InstallSandboxFirewallCommand()).Output);
    }

    [Fact]
    public void Without_consent_nothing_changes()
    {
        new Invocation(new InstallSandboxFirewallCommand()) { Answer = (_, _) => false }.Run();
        Assert.False(Runtime.Firewall.IsInstalled);

        Runtime.Firewall.IsInstalled = true;
        new Invocation(new UninstallSandboxFirewallCommand()) { Answer = (_, _) => false }.Run();
        Assert.True(Runtime.Firewall.IsInstalled);
    }

    [Fact]
    public void Uninstall_removes_and_a_second_time_is_no_error()
    {
        Runtime.Firewall.IsInstalled = true;
        Assert.Empty(Invocation.Run(new UninstallSandboxFirewallCommand()).Errors);
        Assert.False(Runtime.Firewall.IsInstalled);
        Assert.Empty(Invocation.Run(new UninstallSandboxFirewallCommand()).Errors);
    }

    [Fact]
    public void Get_says_what_is_there() => Assert.False(Invocation.Run(new GetSandboxFirewallCommand()).OutputOf<FirewallRule>().Single().Present);

    [Fact]
    public void What_this_user_may_not_is_an_error_and_nothing_is_written()
    {
        Runtime.Firewall.Refusal = new SandboxException(SandboxError.HostRefused, "That takes root.");
        foreach (var run in new[] { Invocation.Run(new GetSandboxFirewallCommand()), Invocation.Run(new InstallSandboxFirewallCommand { PassThru = true }), Invocation.Run(new UninstallSandboxFirewallCommand()) })
        {
            Assert.Equal("HostRefused", Assert.Single(run.Errors).FullyQualifiedErrorId);
            Assert.Empty(run.Output);
        }
    }
}
