namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Finding sandboxes and taking them away.</summary>
public sealed class ListTests : EngineTests
{
    [Fact]
    public async Task A_list_is_a_table_of_ones_own()
    {
        Assert.Equal("", (await RunAsync("list")).Expect(0).Output);

        var name = $"cli-{Guid.NewGuid():N}";
        var id = await CreateAsync("--name", name, "-m", "run=1");
        await CreateAsync("-m", "run=2");
        var lines = (await RunAsync("list")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("NAME ", lines[0], StringComparison.Ordinal);
        Assert.Matches($@"\A{name} +{id} +running ", lines[1]);

        Assert.Equal([name], await NamesAsync("-m", "run=1"));
        Assert.Empty(await NamesAsync("-m", "run=1", "-m", "other=1"));
        Assert.Equal(2, (await NamesAsync("--state", "running")).Count);
        Assert.Empty(await NamesAsync("--state", "stopped"));
        Assert.Empty(await NamesAsync("--stale"));

        var mine = Variables["FLOURISHA_OWNER"];
        Variables["FLOURISHA_OWNER"] = "cli-tests-somebody-else";
        Assert.Empty(await NamesAsync());
        Assert.Contains(name, await NamesAsync("--all"));
        Variables["FLOURISHA_OWNER"] = mine;
    }

    [Fact]
    public async Task Kill_removes_what_it_can_and_names_the_rest()
    {
        var name = $"cli-{Guid.NewGuid():N}";
        var first = await CreateAsync("--name", name);
        var second = await CreateAsync();
        var result = (await RunAsync("kill", name, "no-such-sandbox", second)).Expect(3);
        Assert.Equal($"{first}\n{second}\n", result.Output);
        Assert.StartsWith("docker-sandbox: There is no sandbox 'no-such-sandbox'.", result.Error, StringComparison.Ordinal);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task Kill_all_removes_ones_own()
    {
        var first = await CreateAsync();
        var second = await CreateAsync();
        var json = (await RunAsync("kill", "--all", "--json")).Expect(0).Json;
        Assert.Equal([first, second], json.EnumerateArray().Select(one => one.GetProperty("id").GetString()![..12]));
        Assert.Empty(await NamesAsync());
        Assert.Equal("", (await RunAsync("kill", "--all")).Expect(0).Output);
    }

    [Fact]
    public async Task Cleanup_says_why_before_it_removes()
    {
        var name = $"cli-{Guid.NewGuid():N}";
        var id = await CreateAsync("--name", name, "--timeout", "1s");
        var other = await CreateAsync("--timeout", "24h");
        await WaitUntilAsync(async () => (await NamesAsync("--stale")).Count == 1, "the sandbox is stale");

        var dry = (await RunAsync("cleanup", "--dry-run")).Expect(0);
        var lines = dry.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches($@"\ASandbox +{id} +{name} +its deadline passed \d+ s ago\z", lines[1]);
        Assert.Equal("1 sandbox would be removed.\n", dry.Error);

        var spared = (await RunAsync("cleanup", "--dry-run", "--older-than", "1ms")).Expect(0);
        Assert.Equal(2, spared.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("--force removes it all the same.", spared.Error, StringComparison.Ordinal);

        var old = (await RunAsync("cleanup", "--dry-run", "--older-than", "1ms", "--force", "--json")).Expect(0).Json;
        Assert.Equal(2, old.GetArrayLength());
        Assert.All(old.EnumerateArray(), one => Assert.False(one.GetProperty("removed").GetBoolean()));
        Assert.Contains("old", old[1].GetProperty("reason").GetString(), StringComparison.Ordinal);

        var json = (await RunAsync("cleanup", "--json")).Expect(0).Json;
        Assert.Equal([name], json.EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.True(json[0].GetProperty("removed").GetBoolean());
        Assert.Equal([other], (await RunAsync("list", "--json")).Json.EnumerateArray().Select(one => one.GetProperty("shortId").GetString()!));
        Assert.Equal("", (await RunAsync("cleanup")).Expect(0).Output);
    }

    private async Task<List<string?>> NamesAsync(params string[] options) =>
        [.. (await RunAsync(["list", "--json", .. options])).Expect(0).Json.EnumerateArray().Select(one => one.GetProperty("name").GetString())];
}
