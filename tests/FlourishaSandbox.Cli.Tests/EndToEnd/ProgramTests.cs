using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>What the program says of itself, and how it fails. No engine is needed.</summary>
public sealed partial class ProgramTests
{
    private static readonly Dictionary<string, string?> NoEngine = new() { ["DOCKER_HOST"] = "unix:///nowhere/docker.sock", ["FLOURISHA_OWNER"] = null };

    [Fact]
    public async Task The_version_is_the_modules()
    {
        var manifest = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "module", "FlourishaSandbox.psd1"));
        var result = (await CliProgram.RunAsync(NoEngine, null, "--version")).Expect(0);
        Assert.Equal(Version().Match(manifest).Groups[1].Value, result.Output.Trim());
    }

    [Theory]
    [InlineData("init")]
    [InlineData("exec")]
    [InlineData("ps")]
    [InlineData("logs")]
    [InlineData("wait")]
    [InlineData("stop")]
    [InlineData("stdin")]
    [InlineData("connect")]
    [InlineData("info")]
    [InlineData("extend-lifetime")]
    [InlineData("metrics")]
    [InlineData("files ls")]
    [InlineData("files read")]
    [InlineData("files write")]
    [InlineData("files edit")]
    [InlineData("files exists")]
    [InlineData("files info")]
    [InlineData("files mkdir")]
    [InlineData("files mv")]
    [InlineData("files rm")]
    [InlineData("files watch")]
    [InlineData("files upload")]
    [InlineData("files download")]
    [InlineData("files upload-dir")]
    [InlineData("files download-dir")]
    [InlineData("ls")]
    [InlineData("upload")]
    [InlineData("download")]
    [InlineData("kill")]
    [InlineData("get-host")]
    [InlineData("list")]
    [InlineData("cleanup")]
    [InlineData("images build")]
    [InlineData("images list")]
    [InlineData("templates list")]
    [InlineData("config list")]
    [InlineData("config get")]
    [InlineData("config set")]
    [InlineData("config unset")]
    [InlineData("completion")]
    public async Task Help_has_examples(string verb)
    {
        var result = (await CliProgram.RunAsync(NoEngine, null, [.. verb.Split(' '), "--help"])).Expect(0);
        Assert.Matches($@"(?s)Usage:\s+docker-sandbox {verb} \[options\].*Options:.*Examples:\s+.*docker-sandbox {verb}", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Without_a_verb_it_says_where_to_look()
    {
        var result = (await CliProgram.RunAsync(NoEngine, null)).Expect(2);
        Assert.Equal("", result.Output);
        Assert.Equal("docker-sandbox: Required command was not provided.\nSee 'docker-sandbox --help'.\n", result.Error);
    }

    [Theory]
    [InlineData("lst", "docker-sandbox: 'lst' is not understood here.\nSee 'docker-sandbox --help'.\n")]
    [InlineData("images list --all", "docker-sandbox: '--all' is not understood here.\nSee 'docker-sandbox images list --help'.\n")]
    [InlineData("init --timeout soon", "docker-sandbox: --timeout 'soon' is no span of time above zero. Write seconds, or numbers with units as in 90s, 1h30m, 24h, 2d, or unlimited.\nSee 'docker-sandbox init --help'.\n")]
    [InlineData("init --memory 1MB", "docker-sandbox: Memory '1048576' is too small: a sandbox needs at least 16MB.\nGive bytes or a size with a unit, for example 512MB or 2GB.\n")]
    public async Task A_wrong_call_is_explained_in_two_lines(string line, string error)
    {
        var result = (await CliProgram.RunAsync(NoEngine, null, line.Split(' '))).Expect(2);
        Assert.Equal("", result.Output);
        Assert.Equal(error, result.Error);
    }

    [Fact]
    public async Task A_wrong_call_is_json_where_json_is_wanted()
    {
        var error = (await CliProgram.RunAsync(NoEngine, null, "kill", "--json")).Expect(2).JsonError;
        Assert.Equal("InvalidOption", error.GetProperty("id").GetString());
        Assert.Equal("See 'docker-sandbox kill --help'.", error.GetProperty("remedy").GetString());
    }

    [Theory]
    [InlineData("list")]
    [InlineData("exec box ls")]
    [InlineData("kill --all")]
    [InlineData("init --image x")]
    [InlineData("list --engine tcp://127.0.0.1:1")]
    public async Task An_engine_that_does_not_answer_is_named_without_a_stack_trace(string line)
    {
        var result = (await CliProgram.RunAsync(NoEngine, null, line.Split(' '))).Expect(5);
        Assert.Equal("", result.Output);
        Assert.StartsWith("docker-sandbox: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(line.Contains("tcp", StringComparison.Ordinal) ? "127.0.0.1:1" : "/nowhere/docker.sock", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("EngineUnreachable", (await CliProgram.RunAsync(NoEngine, null, ["--json", .. line.Split(' ')])).Expect(5).JsonError.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("list --engine gopher://x")]
    [InlineData("kill ")]
    public async Task A_value_that_cannot_be_used_is_the_callers_fault(string line) =>
        Assert.StartsWith("docker-sandbox: ", (await CliProgram.RunAsync(NoEngine, null, line.Split(' '))).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_reader_that_has_gone_ends_help_quietly()
    {
        var result = await CliProgram.RunShellAsync(NoEngine, $"{CliProgram.ForShell} --help | true; exit ${{PIPESTATUS[0]}}");
        Assert.Contains(result.ExitCode, (int[])[0, 141]); // 0 where it was faster than 'true'
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    [InlineData("2> >(true)")]
    public async Task Where_nobody_hears_of_a_failure_the_exit_code_still_tells(string redirection) =>
        (await CliProgram.RunShellAsync(NoEngine, $"{CliProgram.ForShell} list {redirection}")).Expect(5);

    [Fact]
    public async Task Completion_offers_verbs_and_options()
    {
        Assert.Contains("init\n", (await CompleteAsync("docker-sandbox in")).Output, StringComparison.Ordinal);
        Assert.Contains("--template\n", (await CompleteAsync("docker-sandbox init --t")).Output, StringComparison.Ordinal);
        Assert.Equal("", (await CompleteAsync("docker-sandbox kill bo")).Error);
        Assert.Contains("complete ", (await CliProgram.RunAsync(NoEngine, null, "completion", "bash")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_native_program_starts_within_50_milliseconds()
    {
        Assert.SkipUnless(CliProgram.IsNative, "Only the native program is fast: publish it to output/bin, or name it by FLOURISHA_CLI.");
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var watch = Stopwatch.StartNew();
            (await CliProgram.RunAsync(NoEngine, null, "--version")).Expect(0);
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }

        Assert.InRange(fastest.TotalMilliseconds, 0, 50);
    }

    private static async Task<CliResult> CompleteAsync(string line) => (await CliProgram.RunAsync(NoEngine, null, $"[suggest:{line.Length}]", line)).Expect(0);

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([0-9.]+)'")]
    private static partial Regex Version();
}
