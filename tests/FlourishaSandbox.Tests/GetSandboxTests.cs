using System.Collections;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

public sealed class GetSandboxTests : CmdletTest
{
    public GetSandboxTests()
    {
        Runtime.Add("web1", metadata: new() { ["team"] = "red", ["n"] = "1.5" });
        Runtime.Add("Web2", SandboxState.Stopped, metadata: new() { ["team"] = "blue" });
        Runtime.Add("db1");
        Runtime.Add("other1", owner: "somebody@else");
    }

    [Fact]
    public void Without_a_name_come_all_of_ones_own() => Assert.Equal(["web1", "Web2", "db1"], Names(new GetSandboxCommand()));

    [Fact]
    public void All_means_everybodys() => Assert.Equal(["web1", "Web2", "db1", "other1"], Names(new GetSandboxCommand { All = true }));

    [Fact]
    public void Wildcards_know_no_case() => Assert.Equal(["web1", "Web2"], Names(new GetSandboxCommand { Name = ["WEB*"] }));

    [Fact]
    public void A_literal_name_says_itself_whose_it_is() => Assert.Equal(["other1"], Names(new GetSandboxCommand { Name = ["other1"] }));

    [Fact]
    public void Several_names_keep_their_order() => Assert.Equal(["db1", "web1"], Names(new GetSandboxCommand { Name = ["db1", "w*1"] }));

    [Fact]
    public void A_pattern_that_matches_nothing_is_no_error()
    {
        var run = Invocation.Run(new GetSandboxCommand { Name = ["nothing*"] }, "Name");

        Assert.Empty(run.Order);
    }

    [Fact]
    public void A_literal_name_that_is_not_found_is_an_error_that_names_what_there_is()
    {
        var run = Invocation.Run(new GetSandboxCommand { Name = ["wbe1", "db1"] }, "Name");

        Assert.Equal(["error SandboxNotFound wbe1", "object db1"], run.Order);
        Assert.Contains("There is no sandbox 'wbe1'. You have web1, Web2, db1.", run.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_counts_only_where_one_is_given()
    {
        // Created is the default of the enum, and must not filter.
        Assert.Equal(3, Names(new GetSandboxCommand()).Count);
        Assert.Equal(["Web2"], Names(new GetSandboxCommand { State = SandboxState.Stopped }, nameof(GetSandboxCommand.State)));
        Assert.Empty(Names(new GetSandboxCommand { State = SandboxState.Created }, nameof(GetSandboxCommand.State)));
    }

    [Fact]
    public void Notes_are_compared_as_text()
    {
        Assert.Equal(["web1"], Names(new GetSandboxCommand { Metadata = new Hashtable { ["team"] = "red", ["n"] = 1.5 } }));
        Assert.Empty(Names(new GetSandboxCommand { Metadata = new Hashtable { ["team"] = "red", ["n"] = 2 } }));
    }

    [Fact]
    public void Stale_ones_are_those_that_Clear_StaleSandbox_takes() => Assert.Equal(["Web2"], Names(new GetSandboxCommand { Stale = true }));

    [Fact]
    public void An_id_may_be_shortened()
    {
        var id = Runtime.Sandboxes[2].Id;

        Assert.Equal(["db1", "db1"], Invocation.Run(new GetSandboxCommand { Id = [id, id[..12]] }, "Id").OutputOf<Sandbox>().Select(each => each.Name));
    }

    [Fact]
    public void The_engine_being_away_is_one_error()
    {
        Runtime.Away = new SandboxException(SandboxError.EngineUnreachable, "No engine answers at fake://engine.", remedy: "Start it.");

        var run = Invocation.Run(new GetSandboxCommand(), "Name");

        Assert.Equal("EngineUnreachable", Assert.Single(run.Errors).FullyQualifiedErrorId);
        Assert.Equal(("No engine answers at fake://engine.", "Start it."), (run.Errors[0].ToString(), run.Errors[0].ErrorDetails!.RecommendedAction));
    }

    private static List<string> Names(GetSandboxCommand cmdlet, params string[] bound)
    {
        var run = Invocation.Run(cmdlet, "Name", bound);
        Assert.Empty(run.Errors);
        return [.. run.OutputOf<Sandbox>().Select(each => each.Name)];
    }
}
