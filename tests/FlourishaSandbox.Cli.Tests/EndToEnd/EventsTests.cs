using System.Text.Json;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>The record of what was done, as several processes write it and one reads it.</summary>
public sealed class EventsTests : SandboxTests
{
    private string Log => Path.Combine(Folder, "audit.jsonl");

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        Variables["FLOURISHA_AUDIT"] = Log;
        await base.InitializeAsync();
    }

    [Fact]
    public async Task What_was_done_is_read_back_with_who_did_it_and_without_secrets()
    {
        (await ExecAsync("echo --token hunter2; exit 3")).Expect(3);

        var exec = (await EventsAsync("--action", "exec")).Single();
        Assert.Equal("docker-sandbox exec", exec.GetProperty("client").GetString());
        Assert.Equal(Variables["FLOURISHA_OWNER"], exec.GetProperty("owner").GetString());
        Assert.Equal(3, exec.GetProperty("exitCode").GetInt32());
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
        Assert.Matches(@"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}  exec +\S+ +exit 3 +echo --token \*\*\*; exit 3\n\z", (await RunAsync("events", "--failed")).Expect(0).Output);
    }

    [Fact]
    public async Task Twenty_processes_at_once_lose_no_line()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number => (await ExecAsync($"echo {number}")).Expect(0)));

        var commands = (await EventsAsync("--action", "exec")).Select(one => one.GetProperty("detail").GetProperty("command").GetString());
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"echo {number}").Order(StringComparer.Ordinal), commands.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_process_that_is_killed_has_still_told_what_it_was_about_to_do()
    {
        using var process = Start("exec", Id, "sleep 3131");
        await WaitUntilAsync(async () => await CountInsideAsync("sleep 3131") > 0, "the command runs");
        process.Kill(); // SIGKILL
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var events = await EventsAsync("--failed", "--action", "exec");
        Assert.Contains(events, one => one.GetProperty("result").GetString() == "unfinished" && one.GetProperty("detail").GetProperty("command").GetString() == "sleep 3131");
    }

    [Fact]
    public async Task Nothing_is_done_that_cannot_be_written_down_but_removing()
    {
        Variables["FLOURISHA_AUDIT"] = Directory.CreateDirectory(Path.Combine(Folder, "in-the-way")).FullName;
        var refused = (await ExecAsync("true")).Expect(4);
        Assert.Contains("is to be written down", refused.Error, StringComparison.Ordinal);
        Assert.Contains("FLOURISHA_AUDIT", refused.Error, StringComparison.Ordinal);
        (await RunAsync("kill", Id)).Expect(0);
    }

    [Fact]
    public async Task Off_is_off()
    {
        var before = await File.ReadAllTextAsync(Log);
        Variables["FLOURISHA_AUDIT"] = "off";
        (await ExecAsync("true")).Expect(0);
        Assert.Equal(before, await File.ReadAllTextAsync(Log));
    }

    private async Task<List<JsonElement>> EventsAsync(params string[] args) =>
        [.. (await RunAsync(["events", Id, "--json", .. args])).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];
}
