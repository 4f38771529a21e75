using System.Management.Automation;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Files;

namespace FlourishaSandbox.Tests;

public sealed class CopySandboxItemTests : CmdletTest
{
    public CopySandboxItemTests()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");
    }

    [Theory]
    [InlineData("t1:/a", "t2:/b", "both name a sandbox")]
    [InlineData("./a", "./b", "are both local")]
    public void Exactly_one_side_is_a_sandbox(string path, string destination, string problem)
    {
        var run = Invocation.Run(new CopySandboxItemCommand { Path = [path], Destination = destination }, "Path");

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Contains($"'{path}' and '{destination}' {problem}.", run.Terminating!.ToString(), StringComparison.Ordinal);
        Assert.Contains("NAME:PATH", run.Terminating.ErrorDetails!.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Runtime.Effects);
    }

    [Fact]
    public void What_comes_by_the_pipeline_goes_in_one_stream()
    {
        var cmdlet = new CopySandboxItemCommand { Destination = "t1:/data", PassThru = true };
        var run = new Invocation(cmdlet, "Path")
        {
            Records = [() => cmdlet.Path = [MakeFile("a.txt")], () => cmdlet.Path = [MakeFile("b.txt")]],
        };

        run.Run();

        Assert.Equal(["upload t1:/data a.txt b.txt"], Runtime.Effects);
        Assert.Equal(["/data/a.txt", "/data/b.txt"], run.OutputOf<CopiedItem>().Select(item => item.Destination));
        Assert.Single(run.Questions);
    }

    [Fact]
    public void A_local_path_that_is_missing_costs_an_error_and_none_of_the_others()
    {
        var run = Invocation.Run(new CopySandboxItemCommand { Path = [Path.Combine(Folder, "missing"), MakeFile("a.txt")], Destination = "t1:/data" }, "Path");

        Assert.Equal("PathNotFound", Assert.Single(run.Errors).FullyQualifiedErrorId);
        Assert.Equal(Path.Combine(Folder, "missing"), run.Errors[0].TargetObject);
        Assert.Equal(["upload t1:/data a.txt"], Runtime.Effects);
    }

    [Fact]
    public void Wildcards_are_local_ones_unless_taken_literally()
    {
        MakeFile("x1.log");
        MakeFile("x2.log");
        MakeFile("[x].log");

        Invocation.Run(new CopySandboxItemCommand { Path = [Path.Combine(Folder, "x?.log")], Destination = "t1:/data" }, "Path");
        Invocation.Run(new CopySandboxItemCommand { Path = [Path.Combine(Folder, "[x].log")], Destination = "t1:/data", Literal = true }, "Path");

        Assert.Equal(["upload t1:/data x1.log x2.log", "upload t1:/data [x].log"], Runtime.Effects);
    }

    [Fact]
    public void Several_sandboxes_get_the_same_files()
    {
        var run = Invocation.Run(new CopySandboxItemCommand { Path = [MakeFile("a.txt")], Destination = "/data", Sandbox = Named("t*"), ToSandbox = true }, "ToSandbox");

        Assert.Equal(["upload t1:/data a.txt", "upload t2:/data a.txt"], Runtime.Effects.Order(StringComparer.Ordinal));
        Assert.Empty(run.Output);
        Assert.Equal(2, run.Questions.Count);
    }

    [Fact]
    public void Several_sandboxes_files_get_a_folder_each()
    {
        var target = Path.Combine(Folder, "out");

        var run = Invocation.Run(new CopySandboxItemCommand { Path = ["/data/a.txt"], Destination = target, Sandbox = Named("t1", "t2"), FromSandbox = true, PassThru = true }, "FromSandbox");

        Assert.Equal([Path.Combine(target, "t1", "a.txt"), Path.Combine(target, "t2", "a.txt")], run.OutputOf<CopiedItem>().Select(item => item.Destination));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(target, "t2", "a.txt")));
    }

    [Fact]
    public void What_was_refused_is_one_error_each_and_the_rest_arrives()
    {
        var target = Path.Combine(Folder, "a.txt");

        var run = Invocation.Run(new CopySandboxItemCommand { Path = ["t1:/data/a.txt"], Destination = target, PassThru = true }, "Path");

        var error = Assert.Single(run.Errors);
        Assert.Equal("UnsafeEntry", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Equal("a.txt/pipe", error.TargetObject);
        Assert.Contains("'a.txt/pipe' is a pipe", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("hello", File.ReadAllText(target));
        Assert.Equal(1, run.OutputOf<CopiedItem>().Single().Files);
    }

    [Fact]
    public void Nothing_is_copied_that_is_refused_by_the_user()
    {
        var target = Path.Combine(Folder, "out.txt");
        new Invocation(new CopySandboxItemCommand { Path = [MakeFile("a.txt")], Destination = "t1:/data" }, "Path") { Answer = (_, _) => false }.Run();
        var down = new Invocation(new CopySandboxItemCommand { Path = ["t1:/data/a.txt"], Destination = target }, "Path") { Answer = (_, _) => false };
        down.Run();

        Assert.Empty(Runtime.Effects);
        Assert.False(File.Exists(target));
        Assert.Equal(($"t1:/data/a.txt to {target}", "Copy"), down.Questions.Single());
    }
}
