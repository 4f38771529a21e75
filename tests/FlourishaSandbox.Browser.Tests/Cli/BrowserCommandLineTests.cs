using System.CommandLine;
using FlourishaSandbox.Browser.Cli;
using FlourishaSandbox.Browser.Cli.Verbs;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Verbs;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Cli;

public sealed class BrowserCommandLineTests
{
    [Fact]
    public void Every_verb_has_a_description_and_examples_that_are_understood()
    {
        var browser = BrowserCommandLine.CreateRoot().Subcommands.Single(command => command.Name == "browser");
        var verbs = browser.Subcommands.Cast<Verb>().ToList();
        Assert.Equal(18, verbs.Count);
        Assert.All(verbs, verb =>
        {
            Assert.NotEmpty(verb.Examples);
            Assert.All(verb.Options.Concat<Symbol>(verb.Arguments), symbol => Assert.False(string.IsNullOrEmpty(symbol.Description), $"{verb.Name}: {symbol.Name}"));
            Assert.All(verb.Examples, example =>
            {
                Assert.Contains($"docker-sandbox {CommandPath.Of(verb)}", example, StringComparison.Ordinal);
                Assert.Empty(Parse(Words(example)).Errors);
            });
        });
    }

    [Theory]
    [InlineData("click --css a --text b", "two ways")]
    [InlineData("click --nth 2", "by nothing")]
    public void An_element_is_meant_in_one_way(string line, string problem)
    {
        var parse = Parse(["browser", .. line.Split(' ')]);
        Assert.Empty(parse.Errors);
        var options = new ElementOptions();
        var verb = new Command("click");
        options.AddTo(verb);
        var failure = Assert.Throws<SandboxException>(() => options.Read(verb.Parse(line.Split(' ')[1..])));
        Assert.Equal(SandboxError.InvalidOption, failure.Error);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_is_what_was_written()
    {
        Assert.Empty(Parse(["browser", "type", "@file", "--label", "Task"]).Errors);
        Assert.Empty(Parse(["browser", "type", "", "--label", "Task"]).Errors);
        Assert.NotEmpty(Parse(["browser", "type"]).Errors);
    }

    private static ParseResult Parse(IReadOnlyList<string> words) => BrowserCommandLine.CreateRoot().Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

    // As a shell would: quotes hold words together; what comes before the program, and behind a pipe or in brackets, is not its.
    private static List<string> Words(string example)
    {
        var line = example[(example.IndexOf("docker-sandbox ", StringComparison.Ordinal) + "docker-sandbox ".Length)..].Split(" | ")[0];
        var (words, word, quote) = (new List<string>(), "", '\0');
        foreach (var letter in example.Contains("$(", StringComparison.Ordinal) ? line.TrimEnd(')') : line)
        {
            if (quote == letter)
                quote = '\0';
            else if (quote == '\0' && letter == '\'')
                quote = letter;
            else if (quote == '\0' && letter == ' ')
                (words, word) = ([.. words, word], "");
            else
                word += letter;
        }

        return [.. words, word];
    }
}
