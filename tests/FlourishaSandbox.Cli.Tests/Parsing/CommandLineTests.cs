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
    [InlineData("exec box --background --timeout 5 ls", "A command in the background")]
    [InlineData("kill", "Name the sandboxes")]
    [InlineData("kill --all box", "Name the sandboxes")]
    [InlineData("get-host box --path /health", "--path is what --wait asks for")]
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
    public void Every_verb_has_a_description_and_examples_that_are_understood()
    {
        var verbs = Verbs(CommandLineApp.CreateRoot()).ToList();
        Assert.Equal(13, verbs.Count);
        Assert.All(verbs, verb =>
        {
            Assert.NotEmpty(verb.Examples);
            Assert.All(verb.Options.Concat<Symbol>(verb.Arguments), symbol => Assert.False(string.IsNullOrEmpty(symbol.Description), $"{verb.Name}: {symbol.Name}"));
            Assert.All(verb.Examples, example => Assert.Contains($"docker-sandbox {CommandPath.Of(verb)}", example, StringComparison.Ordinal));
        });
    }

    private static IEnumerable<Verb> Verbs(Command command) => command.Subcommands.SelectMany(Verbs).Concat(command is Verb verb ? [verb] : []);

    private static ParseResult Parse(string line) => CommandLineApp.Parse(CommandLineApp.CreateRoot(), line.Split(' '));
}
