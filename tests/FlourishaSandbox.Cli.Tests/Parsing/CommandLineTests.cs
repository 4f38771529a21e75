using System.CommandLine;
using FlourishaSandbox.Cli.Verbs;

namespace FlourishaSandbox.Cli.Tests.Parsing;

/// <summary>What is understood, and what is refused before any engine is asked.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("init")]
    [InlineData("init -t minimal -n box --timeout 1h30m -e A=1 -e B= -m run=42 -p 8000 -p 3000 --memory 512MB --cpus 0.5 --pids 64 --workdir /w --user coder -v a:/a --count 3")]
    [InlineData("init --timeout unlimited --image debian")]
    [InlineData("exec box ls -la")]
    [InlineData("exec box --timeout unlimited --stdin cat")]
    [InlineData("exec box cat @file")]
    [InlineData("exec box --background --tag web --stdin --timeout 5 server")]
    [InlineData("ps box --all")]
    [InlineData("logs box 17 -f")]
    [InlineData("wait box web --timeout 5m")]
    [InlineData("stop box web --grace 0")]
    [InlineData("stdin box web text --close")]
    [InlineData("stdin box web - --close")]
    [InlineData("connect box --shell python3 -w /workspace")]
    [InlineData("files ls box /tmp -R")]
    [InlineData("files read box /tmp/a --json")]
    [InlineData("files write box /tmp/a text --base64")]
    [InlineData("files write box /tmp/a -- --text")]
    [InlineData("files edit box a --old=-x --new y --all")]
    [InlineData("files exists box a")]
    [InlineData("files info box a")]
    [InlineData("files mkdir box a b c")]
    [InlineData("files mv box a b")]
    [InlineData("files rm box -r -f a b")]
    [InlineData("files watch box /tmp -R --count 1 --timeout 5")]
    [InlineData("files upload box a b c /tmp/")]
    [InlineData("files download box /tmp/a .")]
    [InlineData("files upload-dir box . /tmp/a")]
    [InlineData("files download-dir box /tmp/a .")]
    [InlineData("info box")]
    [InlineData("status box")]
    [InlineData("extend-lifetime box 3600")]
    [InlineData("extend-lifetime box unlimited")]
    [InlineData("metrics box --interval 5 --count 3 --json")]
    [InlineData("ls box")]
    [InlineData("ls box /h")]
    [InlineData("ls box /tmp -R")]
    [InlineData("upload box a b c /tmp/")]
    [InlineData("upload box -- -a -b /tmp/")]
    [InlineData("download box /tmp/a .")]
    [InlineData("kill a b c")]
    [InlineData("kill --all")]
    [InlineData("get-host box -p 80 --wait 30 --path /health")]
    [InlineData("list --all --stale --state RUNNING -m a=b=c")]
    [InlineData("cleanup --older-than 2h --all --dry-run")]
    [InlineData("images build . --name x --no-cache")]
    [InlineData("images list --json --verbose --engine tcp://host:2375")]
    [InlineData("templates list")]
    [InlineData("completion bash")]
    public void Understands(string line) => Assert.Empty(Parse(line).Errors);

    [Theory]
    [InlineData("init --timeout soon", "--timeout 'soon' is no span of time")]
    [InlineData("init --timeout 0", "--timeout '0' is no span of time")]
    [InlineData("init --memory much", "--memory 'much' is no size")]
    [InlineData("init -e =x", "'=x' is not KEY=VALUE")]
    [InlineData("init -e FLOURISHA_NO_SUCH_VARIABLE", "has no value")]
    [InlineData("init -m run", "'run' is not KEY=VALUE")]
    [InlineData("init --count 0", "--count needs a number from 1 on")]
    [InlineData("init -p http", "http")]
    [InlineData("exec box", "Required argument missing for command: 'exec'")]
    [InlineData("exec box --root --user a ls", "--root and --user")]
    [InlineData("exec box --tag web ls", "--tag is for finding a command in the background")]
    [InlineData("stop box web --grace soon", "--grace 'soon' is no span of time")]
    [InlineData("wait box web --timeout 0", "--timeout '0' is no span of time above zero")]
    [InlineData("extend-lifetime box soon", "TIME 'soon' is no span of time above zero")]
    [InlineData("extend-lifetime box", "Required argument missing for command: 'extend-lifetime'")]
    [InlineData("metrics box --count 0", "--count needs a number from 1 on")]
    [InlineData("files watch box --count 0", "--count needs a number from 1 on")]
    [InlineData("files edit box a --new b", "--old")]
    [InlineData("files write box", "Required argument missing for command: 'write'")]
    [InlineData("files", "Required command was not provided")]
    [InlineData("kill", "Name the sandboxes")]
    [InlineData("kill --all box", "Name the sandboxes")]
    [InlineData("get-host box --path /health", "--path is what --wait asks for")]
    [InlineData("traefik export --static --gateway http://a", "--gateway is for what the file provider reads")]
    [InlineData("traefik export --email a@example.com", "Give --static too")]
    [InlineData("traefik export --force", "--force is for a file that --output names")]
    [InlineData("list --state 3", "--state '3' is no state")]
    [InlineData("upload box a", "upload")]
    [InlineData("lst", "lst")]
    public void Refuses(string line, string message) => Assert.Contains(message, string.Join('\n', Parse(line).Errors), StringComparison.Ordinal);

    [Fact]
    public void A_variable_without_a_value_takes_the_callers()
    {
        Environment.SetEnvironmentVariable("FLOURISHA_CLI_TEST", "se=cret");
        var parse = Parse("init -e FLOURISHA_CLI_TEST -e EMPTY= -e A=1 -e A=2");
        var option = parse.CommandResult.Command.Options.OfType<Option<Dictionary<string, string>?>>().Single(each => each.Name == "--env");
        Assert.Equal(new Dictionary<string, string> { ["FLOURISHA_CLI_TEST"] = "se=cret", ["EMPTY"] = "", ["A"] = "2" }, parse.GetValue(option));
    }

    [Fact]
    public void Text_can_be_replaced_by_nothing_but_nothing_by_no_text()
    {
        Assert.Empty(Parse(["files", "edit", "box", "a", "--old", "x", "--new", ""]).Errors);
        Assert.Contains("--old is empty", string.Join('\n', Parse(["files", "edit", "box", "a", "--old", "", "--new", "x"]).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_has_a_description_and_examples_that_are_understood()
    {
        var verbs = Verbs(CommandLineApp.CreateRoot()).ToList();
        Assert.Equal(68, verbs.Count); // those of groups too
        Assert.All(verbs, verb =>
        {
            Assert.NotEmpty(verb.Examples);
            Assert.All(verb.Options.Concat<Symbol>(verb.Arguments), symbol => Assert.False(string.IsNullOrEmpty(symbol.Description), $"{verb.Name}: {symbol.Name}"));
            Assert.All(verb.Examples, example => Assert.Contains($"docker-sandbox {CommandPath.Of(verb)}", example, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Help_never_asks_an_engine_for_what_it_could_complete()
    {
        var verbs = Verbs(CommandLineApp.CreateRoot());
        Assert.All(verbs.SelectMany(verb => verb.Arguments).Where(argument => argument.CompletionSources.Count > 0 && argument.Name != "SHELL"), argument => Assert.NotNull(argument.HelpName));
    }

    private static IEnumerable<Verb> Verbs(Command command) => command.Subcommands.SelectMany(Verbs).Concat(command is Verb verb ? [verb] : []);

    private static ParseResult Parse(string line) => Parse(line.Split(' '));

    private static ParseResult Parse(string[] words) => CommandLineApp.Parse(CommandLineApp.CreateRoot(), words);
}
