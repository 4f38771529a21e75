using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>The cmdlets about settings, on files of their own.</summary>
public sealed class ConfigurationCmdletTests : CmdletTest
{
    private static readonly string[] s_variables = [ConfigurationFiles.UserVariable, ConfigurationFiles.MachineVariable, "FLOURISHA_MEMORY", "CONTAINER_MEMORY"];
    private readonly Dictionary<string, string?> _before = s_variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);
    private readonly string _user;
    private readonly string _machine;

    public ConfigurationCmdletTests()
    {
        _user = Path.Combine(Folder, "user", "config.json");
        _machine = Path.Combine(Folder, "machine", "config.json");
        Environment.SetEnvironmentVariable(ConfigurationFiles.UserVariable, _user);
        Environment.SetEnvironmentVariable(ConfigurationFiles.MachineVariable, _machine);
        Environment.SetEnvironmentVariable("FLOURISHA_MEMORY", null);
        Environment.SetEnvironmentVariable("CONTAINER_MEMORY", null);
    }

    public override void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);

        base.Dispose();
    }

    [Fact]
    public void Every_setting_is_shown_with_its_source()
    {
        MakeFile("user/config.json", """{ "limits": { "memory": "1GB" } }""");
        var entries = Invocation.Run(new GetSandboxConfigurationCommand()).OutputOf<ConfigurationEntry>().ToList();

        Assert.Equal(SandboxConfiguration.Names, entries.Select(entry => entry.Name));
        Assert.Equal((1L << 30, ConfigurationSource.User, _user), Assert.Single(entries, entry => entry.Name == "limits.memory") is var memory ? (memory.Value, memory.Source, memory.Location) : default);
        Assert.Equal((2.0, ConfigurationSource.Default, null), Assert.Single(entries, entry => entry.Name == "limits.cpus") is var cpus ? (cpus.Value, cpus.Source, cpus.Location) : default);
    }

    [Fact]
    public void Names_may_have_wildcards_and_a_wrong_one_is_an_error()
    {
        Assert.Equal(5, Invocation.Run(new GetSandboxConfigurationCommand { Name = ["LIMITS.*"] }).Output.Count);
        Assert.Empty(Invocation.Run(new GetSandboxConfigurationCommand { Name = ["nothing*"] }).Errors);

        var wrong = Invocation.Run(new GetSandboxConfigurationCommand { Name = ["nothing", "owner"] });
        Assert.Equal(["error InvalidOption nothing", "object owner = " + Assert.Single(wrong.OutputOf<ConfigurationEntry>()).Text], wrong.Order);
    }

    [Fact]
    public void A_broken_file_ends_the_reading_and_can_be_mended()
    {
        MakeFile("user/config.json", """{ "limits": { "memory": "1KB" } }""");
        Assert.Equal("InvalidOption", Invocation.Run(new GetSandboxConfigurationCommand()).Terminating?.FullyQualifiedErrorId);

        Assert.Empty(Invocation.Run(new SetSandboxConfigurationCommand { Name = "limits.memory", Value = "512MB" }).Errors);
        Assert.Equal("512MB", Assert.Single(Invocation.Run(new GetSandboxConfigurationCommand { Name = ["limits.memory"] }).OutputOf<ConfigurationEntry>()).Text);
    }

    [Fact]
    public void A_value_is_written_for_the_user_or_the_machine_and_counts_at_once()
    {
        var set = Invocation.Run(new SetSandboxConfigurationCommand { Name = "LIMITS.memory", Value = new PSObject(4L << 30), Scope = ConfigurationScope.Machine, PassThru = true });
        Assert.Equal((_machine, "Set limits.memory = 4GB"), Assert.Single(set.Questions));
        Assert.Equal((4L << 30, ConfigurationSource.Machine), Assert.Single(set.OutputOf<ConfigurationEntry>()) is var entry ? (entry.Value, entry.Source) : default);

        Invocation.Run(new SetSandboxConfigurationCommand { Name = "allowHosts", Value = new object[] { new PSObject("a.example.com"), "b.example.com" } });
        Assert.Equal(["a.example.com", "b.example.com"], SandboxSettings.FromEnvironment().Defaults.AllowHosts);
        Assert.Empty(Invocation.Run(new SetSandboxConfigurationCommand { Name = "allowHosts", Value = null }).Errors);
        Assert.Empty(SandboxSettings.FromEnvironment().Defaults.AllowHosts);
        Assert.Equal(4L << 30, SandboxSettings.FromEnvironment().Defaults.Limits.Memory);
    }

    [Fact]
    public void Pools_are_written_as_hashtables_or_as_JSON()
    {
        var pool = new Hashtable { ["template"] = "minimal", ["size"] = new PSObject(2), ["limits"] = new Hashtable { ["memory"] = 256L << 20 } };
        Assert.Empty(Invocation.Run(new SetSandboxConfigurationCommand { Name = "pools", Value = new object[] { new PSObject(pool) } }).Errors);
        var written = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_user)).RootElement.GetProperty("pools")[0];
        Assert.Equal(("minimal", 2, 256L << 20), (written.GetProperty("template").GetString(), written.GetProperty("size").GetInt32(), written.GetProperty("limits").GetProperty("memory").GetInt64()));

        Assert.Empty(Invocation.Run(new SetSandboxConfigurationCommand { Name = "pools", Value = """[{ "size": 4 }, { "image": "debian", "size": 1 }]""" }).Errors);
        Assert.Equal("""{"size":4},{"image":"debian","size":1}""", Assert.Single(Invocation.Run(new GetSandboxConfigurationCommand { Name = ["pools"] }).OutputOf<ConfigurationEntry>()).Text);
        Assert.Equal("InvalidOption", Assert.Single(Invocation.Run(new SetSandboxConfigurationCommand { Name = "pools", Value = "minimal" }).Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void What_goes_above_a_file_is_told()
    {
        Invocation.Run(new SetSandboxConfigurationCommand { Name = "limits.memory", Value = "1GB" });
        Assert.Contains(_user, Assert.Single(Invocation.Run(new SetSandboxConfigurationCommand { Name = "limits.memory", Value = "2GB", Scope = ConfigurationScope.Machine }).Warnings), StringComparison.Ordinal);

        Environment.SetEnvironmentVariable("FLOURISHA_MEMORY", "3GB");
        Assert.Contains("FLOURISHA_MEMORY", Assert.Single(Invocation.Run(new SetSandboxConfigurationCommand { Name = "limits.memory", Remove = true }, "Remove").Warnings), StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(_user).Trim());
    }

    [Theory]
    [InlineData("limits.memory", "1KB")]
    [InlineData("limit", "1")]
    [InlineData("isolation", true)]
    public void What_cannot_be_is_refused_before_it_is_asked(string name, object value)
    {
        var set = Invocation.Run(new SetSandboxConfigurationCommand { Name = name, Value = value });

        Assert.Equal("InvalidOption", Assert.Single(set.Errors).FullyQualifiedErrorId);
        Assert.Empty(set.Questions);
        Assert.False(File.Exists(_user));
    }

    [Fact]
    public void With_WhatIf_nothing_is_written()
    {
        new Invocation(new SetSandboxConfigurationCommand { Name = "owner", Value = "me" }) { Answer = (_, _) => false }.Run();
        Assert.False(Directory.Exists(Path.GetDirectoryName(_user)));
    }

    [Fact]
    public void A_sandbox_is_made_as_is_configured_where_nothing_else_is_said()
    {
        MakeFile("user/config.json", """{ "template": "minimal", "timeout": "10m", "onTimeout": "remove", "isolation": "relaxed", "limits": { "memory": "1GB", "cpus": 0.5, "pids": 50, "disk": 0, "output": "1MB" } }""");
        SandboxSession.ManagerOverride = new SandboxManager(Runtime, SandboxSettings.FromEnvironment(), SandboxSession.ManagerOverride!.Templates);
        Invocation.Run(new NewSandboxCommand(), "Template");
        Invocation.Run(new NewSandboxCommand { Memory = 3L << 30, OnTimeout = TimeoutAction.Stop, Isolation = IsolationLevel.Standard, Timeout = TimeSpan.FromMinutes(1) }, "Template");

        var (configured, said) = (Runtime.Specifications.First(), Runtime.Specifications.Last());
        Assert.Equal(("minimal", TimeSpan.FromMinutes(10), TimeoutAction.Remove, IsolationLevel.Relaxed), (configured.Template, configured.Timeout, configured.OnTimeout, configured.Isolation));
        Assert.Equal(new ResourceLimits { Memory = 1L << 30, Cpus = 0.5, PidLimit = 50, Disk = null, Output = 1L << 20 }, configured.Limits);
        Assert.Equal((3L << 30, 0.5, TimeoutAction.Stop, IsolationLevel.Standard, TimeSpan.FromMinutes(1)), (said.Limits.Memory, said.Limits.Cpus, said.OnTimeout, said.Isolation, said.Timeout));
    }

    [Fact]
    public void Names_and_words_are_offered()
    {
        Assert.Equal(["limits.memory"], Complete(new ConfigurationNameCompleter(), "LIMITS.m"));
        Assert.Equal(["strict"], Complete(new ConfigurationValueCompleter(), "st", "Isolation").Where(word => word.StartsWith("str", StringComparison.Ordinal)));
        Assert.Equal(["false", "true"], Complete(new ConfigurationValueCompleter(), "", "audit.enabled"));
        Assert.Empty(Complete(new ConfigurationValueCompleter(), "", "owner"));
        Assert.Empty(Complete(new ConfigurationValueCompleter(), ""));
    }

    private static List<string> Complete(IArgumentCompleter completer, string typed, string? name = null) =>
        [.. completer.CompleteArgument("", "", typed, null!, name is null ? new Hashtable() : new Hashtable { ["Name"] = name }).Select(result => result.CompletionText)];
}
