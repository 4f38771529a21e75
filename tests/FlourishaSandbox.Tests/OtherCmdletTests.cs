using System.Text;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Files;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Images;

namespace FlourishaSandbox.Tests;

/// <summary>Get-SandboxChildItem, Get-SandboxHost, Get-SandboxImage and Build-SandboxImage.</summary>
public sealed class OtherCmdletTests : CmdletTest
{
    public OtherCmdletTests() => Runtime.Add("t1");

    [Fact]
    public void A_listing_needs_a_sandbox()
    {
        var run = Invocation.Run(new GetSandboxChildItemCommand { Path = ["/data"] });

        Assert.Equal(["error InvalidOption /data"], run.Order);
        Assert.Contains("NAME:PATH", run.Errors[0].ErrorDetails!.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_can_name_the_sandbox()
    {
        Runtime.Running = async (_, request, output, cancellationToken) =>
        {
            await output.WriteAsync(OutputSource.Output, Encoding.UTF8.GetBytes(string.Join("\0", "f", "5", "0", "644", "coder", "coder", "a b.txt", "", "")), cancellationToken);
            return new CommandExit(0, TimedOut: false);
        };

        var run = Invocation.Run(new GetSandboxChildItemCommand { Path = ["t1:/data"] });

        var item = run.OutputOf<SandboxItem>().Single();
        Assert.Equal(("/data/a b.txt", 5L, "-rw-r--r--"), (item.Path, item.Size, item.Mode));
    }

    [Fact]
    public void A_port_is_reached_where_the_engine_publishes_it()
    {
        var run = Invocation.Run(new GetSandboxHostCommand { Sandbox = Named("t1"), Port = 8000 });

        Assert.Equal("http://127.0.0.1:40000/", run.OutputOf<HostAddress>().Single().Url.ToString());
    }

    [Fact]
    public void A_port_that_was_not_named_is_published_when_it_is_asked_for()
    {
        var run = Invocation.Run(new GetSandboxHostCommand { Sandbox = Named("t1"), Port = 9 });

        Assert.Equal("http://127.0.0.1:50000/", run.OutputOf<HostAddress>().Single().Url.ToString());
        Assert.Equal((9, "127.0.0.1"), Runtime.Ports.Published.Single() is var asked ? (asked.Port, asked.Address) : default);
    }

    [Fact]
    public void Images_are_found_by_name_or_template_and_a_literal_that_is_missing_is_an_error()
    {
        Runtime.Images.Add(new SandboxImage { Id = "sha256:1", Name = "flourisha-sandbox/minimal:1", Template = "minimal" });

        var run = Invocation.Run(new GetSandboxImageCommand { Name = ["minimal", "nothing*", "nothing"] });

        Assert.Equal(["object flourisha-sandbox/minimal:1", "error ImageNotFound nothing"], run.Order);
    }

    [Fact]
    public void A_template_that_is_missing_costs_none_of_the_others()
    {
        var run = Invocation.Run(new BuildSandboxImageCommand { Template = ["nothing", "minimal"] }, "Template");

        Assert.Equal("error TemplateNotFound nothing", run.Order[0]);
        Assert.Equal("minimal", run.OutputOf<SandboxImage>().Single().Template);
    }

    [Fact]
    public void A_folder_is_built_under_the_name_that_was_given()
    {
        MakeFile("app/Dockerfile", "FROM scratch");

        var run = Invocation.Run(new BuildSandboxImageCommand { Path = Path.Combine(Folder, "app"), Name = "mine:1" }, "Path");

        Assert.Equal(["object mine:1"], run.Order);
    }

    [Fact]
    public void A_folder_without_a_Dockerfile_is_an_error_that_says_so()
    {
        var run = Invocation.Run(new BuildSandboxImageCommand { Path = Folder }, "Path");

        Assert.Equal("TemplateInvalid", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Contains("has no Dockerfile", run.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_built_that_is_refused()
    {
        new Invocation(new BuildSandboxImageCommand { Template = ["minimal"] }, "Template") { Answer = (_, _) => false }.Run();

        Assert.Empty(Runtime.Effects);
    }
}
