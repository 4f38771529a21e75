namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Pools, and sandboxes from them, by processes that know nothing of each other.</summary>
public sealed class PoolTests : EngineTests
{
    private const string Pool = "pool";

    public PoolTests()
    {
        Variables["FLOURISHA_POOLS"] = Path.Combine(Folder, "pools.json");

        // The plain build has none beside it, and without one nothing can wait.
        Variables["FLOURISHA_AGENT"] = Path.Combine(Repository.Root, "output", "agent");
    }

    [Fact]
    public async Task Twenty_claims_at_once_by_four_processes_get_one_each()
    {
        await using var clearing = new Clearing(this);
        Assert.Equal(20, (await RunAsync(Pool, "set", "20", "--image", Image, "--json")).Expect(0).Json.GetProperty("ready").GetInt32());

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("init", "--image", Image, "--count", "5", "--json")));

        var made = claims.SelectMany(claim => claim.Expect(0).Json.EnumerateArray().ToList()).ToList();
        Assert.Equal(20, made.Select(one => one.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(20, made.Select(one => one.GetProperty("name").GetString()).Distinct().Count());
        Assert.All(made, one => Assert.True(one.GetProperty("isFromPool").GetBoolean()));
        var answers = await Task.WhenAll(made.Select(one => RunAsync("exec", one.GetProperty("name").GetString()!, "ls /tmp; touch /tmp/used; echo done")));
        Assert.All(answers, answer => Assert.Equal("done\n", answer.Expect(0).Output));
        Assert.Equal(0, (await RunAsync(Pool, "list", "--json")).Expect(0).Json[0].GetProperty("ready").GetInt32());
    }

    [Fact]
    public async Task Set_list_claim_and_clear()
    {
        await using var clearing = new Clearing(this);
        Assert.Contains("1 of 1 wait", (await RunAsync(Pool, "set", "1", "--image", Image)).Expect(0).Error, StringComparison.Ordinal);
        var listed = Assert.Single((await RunAsync(Pool, "list", "--json")).Expect(0).Json.EnumerateArray());
        Assert.Equal((Image, 1, 1), (listed.GetProperty("name").GetString(), listed.GetProperty("size").GetInt32(), listed.GetProperty("ready").GetInt32()));
        Assert.Equal("[]", (await RunAsync("list", "--json")).Expect(0).Output.Trim());

        var cold = (await RunAsync("init", "--image", Image, "--no-pool", "--json")).Expect(0).Json;
        Assert.False(cold.GetProperty("isFromPool").GetBoolean());
        var claimed = await RunAsync("init", "--image", Image, "--json", "--verbose", "-e", "GREETING=hello", "-m", "run=7");
        Assert.True(claimed.Expect(0).Json.GetProperty("isFromPool").GetBoolean());
        var id = claimed.Json.GetProperty("id").GetString()!;
        Assert.Equal("hello\n", (await RunAsync("exec", id, "echo $GREETING")).Expect(0).Output);
        Assert.Equal(id, Assert.Single((await RunAsync("list", "--metadata", "run=7", "--json")).Expect(0).Json.EnumerateArray()).GetProperty("id").GetString());

        (await RunAsync(Pool, "clear")).Expect(0);
        Assert.Equal("[]", (await RunAsync(Pool, "list", "--json")).Expect(0).Output.Trim());
        Assert.Equal("hello\n", (await RunAsync("exec", id, "echo $GREETING")).Expect(0).Output);
    }

    [Fact]
    public async Task Serve_fills_and_ends_on_SIGTERM()
    {
        await using var clearing = new Clearing(this);
        (await RunAsync(Pool, "set", "1", "--image", Image)).Expect(0);
        using var serve = Start(Pool, "serve");
        serve.StandardInput.Close();
        var first = await CreateAsync();
        await WaitUntilAsync(async () => (await RunAsync(Pool, "list", "--json")).Expect(0).Json[0].GetProperty("ready").GetInt32() == 1, "the pool is full again");
        var second = (await RunAsync("init", "--image", Image, "--json")).Expect(0).Json;
        Assert.True(second.GetProperty("isFromPool").GetBoolean());
        Assert.NotEqual(first, second.GetProperty("shortId").GetString());

        CliProgram.SendTerminate(serve);
        var ended = await CliProgram.FinishAsync(serve);
        Assert.Equal("", ended.Output);
        ended.Expect(0);
    }

    [Theory]
    [InlineData("set", "-1")]
    [InlineData("set", "1001")]
    [InlineData("set", "many")]
    [InlineData("set", "1", "--network", "dedicated")]
    [InlineData("set", "1", "--memory", "1MB")]
    public async Task What_no_pool_can_be_is_refused(params string[] words) =>
        Assert.Equal("InvalidOption", (await RunAsync([Pool, .. words, "--image", Image, "--json"])).Expect(2).JsonError.GetProperty("id").GetString());

    [Fact]
    public async Task A_pool_that_is_not_there_is_told() =>
        Assert.Equal("PoolNotFound", (await RunAsync(Pool, "clear", "nosuch", "--json")).Expect(3).JsonError.GetProperty("id").GetString());

    // What waits is no sandbox, so that killing all does not take it.
    private sealed class Clearing(PoolTests tests) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await tests.RunAsync(Pool, "clear")).Expect(0);
    }
}
