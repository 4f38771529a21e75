using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Files;

namespace FlourishaSandbox.Tests;

/// <summary>New-, Move-, Remove- and Watch-SandboxItem, and Test-SandboxPath.</summary>
public sealed class ItemCmdletTests : CmdletTest
{
    public ItemCmdletTests()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");
    }

    [Fact]
    public void New_makes_a_file_that_holds_exactly_what_was_given()
    {
        var run = Invocation.Run(new NewSandboxItemCommand { Path = ["t1:a"], Value = "no line end" });

        Assert.Equal("no line end"u8.ToArray(), Runtime.Items.Content("/workspace/a"));
        Assert.Equal(SandboxItemType.File, run.OutputOf<SandboxItem>().Single().Type);
        Assert.Equal([("t1:a", "Make a file")], run.Questions);
    }

    [Fact]
    public void New_makes_a_folder_and_writes_over_nothing_unless_forced()
    {
        Assert.Equal(["object /d"], Invocation.Run(new NewSandboxItemCommand { Path = ["/d"], Sandbox = Named("t1"), ItemType = SandboxItemType.Directory }).Order);
        Assert.Equal(["error PathNotUsable /d"], Invocation.Run(new NewSandboxItemCommand { Path = ["t1:/d"], ItemType = SandboxItemType.Directory }).Order);
        Assert.Equal(["object /d"], Invocation.Run(new NewSandboxItemCommand { Path = ["t1:/d"], ItemType = SandboxItemType.Directory, Force = true }).Order);
        Assert.Equal("InvalidOption", Invocation.Run(new NewSandboxItemCommand { Path = ["t1:/e"], ItemType = SandboxItemType.Directory, Value = "x" }).Terminating?.FullyQualifiedErrorId);
    }

    [Fact]
    public void Move_stays_inside_of_a_sandbox()
    {
        Runtime.Items.AddFile("/a", "a");

        Assert.Equal(["error InvalidOption /a"], Invocation.Run(new MoveSandboxItemCommand { Path = ["t1:/a"], Destination = "t2:/b" }).Order);
        Assert.Empty(Runtime.Effects);

        // The fake takes every path for a folder.
        Assert.Equal(["object /b/a"], Invocation.Run(new MoveSandboxItemCommand { Path = ["t1:/a"], Destination = "t1:/b", PassThru = true }).Order);
        Assert.Equal(["move t1:/a to /b/a"], Runtime.Effects);
        Assert.Equal(["error PathNotFound /a"], Invocation.Run(new MoveSandboxItemCommand { Path = ["/a"], Destination = "/b", Sandbox = Named("t1") }).Order);
    }

    [Fact]
    public void Remove_takes_a_full_folder_only_with_Recurse()
    {
        Runtime.Items.AddFolder("/d");
        Runtime.Items.AddFile("/d/a", "a");
        Runtime.Running = async (_, _, output, cancellationToken) =>
        {
            await output.WriteAsync(Commands.OutputSource.Output, System.Text.Encoding.UTF8.GetBytes(string.Join("\0", "f", "1", "0", "644", "u", "g", "a", "", "")), cancellationToken);
            return new Commands.CommandExit(0, TimedOut: false);
        };

        var careful = Invocation.Run(new RemoveSandboxItemCommand { Path = ["t1:/d"] });
        Assert.Equal(["error PathNotUsable /d"], careful.Order);
        Assert.Contains("-Recurse", careful.Errors[0].ErrorDetails!.RecommendedAction, StringComparison.Ordinal);

        var thorough = Invocation.Run(new RemoveSandboxItemCommand { Path = ["t1:/d"], Recurse = true, PassThru = true });
        Assert.Equal(["object /d"], thorough.Order);
        Assert.Equal([("t1:/d", "Remove it with everything in it")], thorough.Questions);
    }

    [Fact]
    public void Remove_of_what_is_not_there_is_an_error_unless_forced_and_nothing_goes_that_is_refused()
    {
        Runtime.Items.AddFile("/a", "a");

        Assert.Equal(["error PathNotFound /none"], Invocation.Run(new RemoveSandboxItemCommand { Path = ["t1:/none"] }).Order);
        Assert.Empty(Invocation.Run(new RemoveSandboxItemCommand { Path = ["t1:/none"], Force = true }).Order);
        new Invocation(new RemoveSandboxItemCommand { Path = ["t1:/a"] }) { Answer = (_, _) => false }.Run();
        Assert.NotNull(Runtime.Items.Content("/a"));
        Runtime.Items.AddFolder("/");
        Assert.Equal(["error InvalidOption /"], Invocation.Run(new RemoveSandboxItemCommand { Path = ["t1:/"], Recurse = true }).Order);
    }

    [Fact]
    public void Remove_takes_a_wildcard_literally_where_asked()
    {
        Runtime.Items.AddFile("/a*", "star");
        Runtime.Items.AddFile("/ab", "b");

        Invocation.Run(new RemoveSandboxItemCommand { Path = ["t1:/a*"], Literal = true });

        Assert.Null(Runtime.Items.Content("/a*"));
        Assert.NotNull(Runtime.Items.Content("/ab"));
    }

    [Theory]
    [InlineData("/f", true, true, false)]
    [InlineData("/d", true, false, true)]
    [InlineData("/to-d", true, false, true)]
    [InlineData("/to-f", true, true, false)]
    [InlineData("/none", false, false, false)]
    [InlineData("/broken", false, false, false)]
    [InlineData("/circle", false, false, false)]
    public void Test_follows_links(string path, bool any, bool leaf, bool container)
    {
        Runtime.Items.AddFile("/f", "f");
        Runtime.Items.AddFolder("/d");
        Runtime.Items.AddLink("/to-d", "/d");
        Runtime.Items.AddLink("/to-f", "f");
        Runtime.Items.AddLink("/broken", "gone");
        Runtime.Items.AddLink("/circle", "/circle");

        bool Is(TestPathType type) => Invocation.Run(new TestSandboxPathCommand { Path = [path], Sandbox = Named("t1"), PathType = type }).OutputOf<bool>().Single();

        Assert.Equal((any, leaf, container), (Is(TestPathType.Any), Is(TestPathType.Leaf), Is(TestPathType.Container)));
    }

    [Fact]
    public void Watch_ends_after_so_many_events_and_gives_no_more()
    {
        for (var i = 0; i < 5; i++)
            Runtime.Items.Events.Writer.TryWrite(($"/workspace/{i}", FileChange.Created));

        var run = Invocation.Run(new WatchSandboxItemCommand { Sandbox = Named("t1"), Recurse = true, Count = 3 });

        Assert.Equal(["/workspace/0", "/workspace/1", "/workspace/2"], run.OutputOf<SandboxFileEvent>().Select(change => change.Path));
        Assert.Equal(["watch t1:/workspace and below"], Runtime.Effects);
        Assert.Contains(run.Verbose, line => line.Contains("Watching '.'", StringComparison.Ordinal));
    }

    [Fact]
    public void Watch_watches_all_at_once_and_ends_when_its_time_is_over()
    {
        foreach (var i in Enumerable.Range(3, 20))
            Runtime.Add($"t{i}");

        var run = Invocation.Run(new WatchSandboxItemCommand { Sandbox = Named("t*"), Timeout = TimeSpan.FromSeconds(0.5) });

        Assert.Empty(run.Order);
        Assert.Equal(22, Runtime.Effects.Count);
    }
}
