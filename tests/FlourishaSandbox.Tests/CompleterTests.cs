using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

public sealed class CompleterTests : CmdletTest
{
    public CompleterTests()
    {
        Runtime.Add("web2");
        Runtime.Add("web1");
        Runtime.Add("other", owner: "somebody@else");
    }

    [Fact]
    public void Names_are_ones_own_and_sorted() => Assert.Equal(["web1", "web2"], Complete(new SandboxCompleter(), ""));

    [Theory]
    [InlineData("WEB1")]
    [InlineData("'web1")]
    [InlineData("\"web1\"")]
    public void What_is_typed_is_the_beginning_whatever_its_case_and_quotes(string typed) => Assert.Equal(["web1"], Complete(new SandboxCompleter(), typed));

    [Fact]
    public void Ids_templates_and_images_are_offered_too()
    {
        Assert.Equal(2, Complete(new SandboxIdCompleter(), "").Count);
        Assert.Equal(["minimal"], Complete(new TemplateNameCompleter(), "mi"));
        Assert.Equal(["base:1"], Complete(new ImageNameCompleter(), "ba"));
    }

    [Fact]
    public void Processes_are_those_of_the_sandbox_that_was_typed()
    {
        var sandbox = Runtime.Sandboxes.Single(each => each.Name == "web1");
        Runtime.Processes.Add(sandbox, "uvicorn\u001b[2J", tag: "server");
        Runtime.Processes.Add(sandbox, "uvicorn", tag: "server");
        var plain = Runtime.Processes.Add(sandbox, "sleep").Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal([plain, "server"], Complete(new ProcessCompleter(), "", "web1"));
        Assert.Equal(["server"], Complete(new ProcessTagCompleter(), "", sandbox));
        Assert.Equal(["100", "101", plain], Complete(new ProcessIdCompleter(), "1", new PSObject(new object[] { sandbox })));
        Assert.Empty(Complete(new ProcessCompleter(), "", "web2"));
        Assert.Empty(Complete(new ProcessCompleter(), ""));
        Assert.Empty(Complete(new ProcessCompleter(), "", "nothing"));
    }

    [Fact]
    public void Ports_are_those_that_are_listened_on_and_those_that_were_named()
    {
        var sandbox = Runtime.Sandboxes.Single(each => each.Name == "web1");
        Runtime.Ports.Listening.Add(new() { Sandbox = sandbox, Port = 3000, Address = System.Net.IPAddress.Loopback, ProcessName = "node\u001b[2J" });
        Runtime.Ports.Listening.Add(new() { Sandbox = sandbox, Port = 3000, Address = System.Net.IPAddress.IPv6Loopback });

        Assert.Equal(["3000", "8000"], Complete(new PortCompleter(), "", "web1"));
        Assert.Equal(["8000"], Complete(new PortCompleter(), "8", "web1"));
        Assert.Empty(Complete(new PortCompleter(), ""));
        var hint = new PortCompleter().CompleteArgument("Get-SandboxHost", "Port", "3", null!, new Hashtable { ["Sandbox"] = "web1" }).Single().ToolTip;
        Assert.Contains("on 127.0.0.1 only", hint, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', hint);
    }

    [Fact]
    public void What_would_not_be_one_word_is_quoted()
    {
        Runtime.Images.Add(new Images.SandboxImage { Id = "x", Name = "it's $(mine)" });

        Assert.Contains("'it''s $(mine)'", Complete(new ImageNameCompleter(), ""));
    }

    [Fact]
    public void An_engine_that_is_away_offers_nothing()
    {
        Runtime.Away = new SandboxException(SandboxError.EngineUnreachable, "No engine.");

        Assert.All([.. Engines()], completer => Assert.Empty(Complete(completer, "")));
    }

    [Fact]
    public void An_engine_that_hangs_offers_nothing_soon()
    {
        // Deaf to cancellation too.
        var end = new TaskCompletionSource();
        Runtime.Listing = _ => end.Task;
        var clock = Stopwatch.StartNew();

        Assert.Empty(Complete(new SandboxCompleter(), ""));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"It took {clock.Elapsed}.");
        end.SetResult();
    }

    [Fact]
    public void Settings_that_cannot_be_used_offer_nothing()
    {
        var manager = SandboxSession.ManagerOverride;
        SandboxSession.ManagerOverride = null;
        Environment.SetEnvironmentVariable("FLOURISHA_HOST", "http://no/host");
        try
        {
            Assert.Empty(Complete(new SandboxCompleter(), ""));
        }
        finally
        {
            Environment.SetEnvironmentVariable("FLOURISHA_HOST", null);
            SandboxSession.ManagerOverride = manager;
        }
    }

    private static IEnumerable<IArgumentCompleter> Engines() => [new SandboxCompleter(), new SandboxIdCompleter(), new ImageNameCompleter(), new ProcessCompleter(), new PortCompleter()];

    private static List<string> Complete(IArgumentCompleter completer, string typed, object? sandbox = null) =>
        [.. completer.CompleteArgument("Get-Sandbox", "Name", typed, null!, sandbox is null ? new Hashtable() : new Hashtable { ["Sandbox"] = sandbox }).Select(result => result.CompletionText)];
}
