using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

public sealed class DockerIgnoreTests
{
    [Theory]
    // Plain names are paths from the root, and cover what is below.
    [InlineData("a", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("a", "ab", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a/b", "a/b/c", true)]
    // Leading and trailing slashes, dots and white space mean nothing.
    [InlineData("/a", "a", true)]
    [InlineData("a/", "a", true)]
    [InlineData("a/", "a/b", true)]
    [InlineData("./a", "a", true)]
    [InlineData("x/../a", "a", true)]
    [InlineData("a//b", "a/b", true)]
    [InlineData("  a  ", "a", true)]
    [InlineData("a\r\nb\r\n", "b", true)]
    [InlineData("/", "a", false)]
    [InlineData(".", "a", false)]
    // Comments, only at the very beginning of a line; a byte order mark; empty lines.
    [InlineData("#a", "#a", false)]
    [InlineData(" #a", "#a", true)]
    [InlineData("a#b", "a#b", true)]
    [InlineData("\uFEFFa", "a", true)]
    [InlineData("\n\n a\n\n", "a", true)]
    [InlineData("", "a", false)]
    // * and ? stay in one folder.
    [InlineData("*", "a", true)]
    [InlineData("*", ".git", true)]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "docs/README.md", false)]
    [InlineData("*/temp*", "x/temporary", true)]
    [InlineData("*/temp*", "temporary", false)]
    [InlineData("*/temp*", "x/y/temp", false)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("temp?", "temp/", false)]
    [InlineData("a?b", "a/b", false)]
    // ** is any number of folders, none too.
    [InlineData("**", "a/b/c", true)]
    [InlineData("**/*.go", "main.go", true)]
    [InlineData("**/*.go", "a/b/main.go", true)]
    [InlineData("**/*.go", "a/b/main.gox", false)]
    [InlineData("**/node_modules", "a/node_modules/b", true)]
    [InlineData("**/node_modules", "a/my_node_modules", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "ab", false)]
    [InlineData("a/**", "a/b", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a**/b", "a/b", true)]
    [InlineData("a**/b", "axy/b", true)]
    // Classes and escapes.
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[a-c].txt", "d.txt", false)]
    [InlineData("[^a-c].txt", "d.txt", true)]
    [InlineData("[^a-c].txt", "a.txt", false)]
    [InlineData("[[]x", "[x", true)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData(@"\#a", "#a", true)]
    // Characters of regular expressions are plain.
    [InlineData("a.b", "axb", false)]
    [InlineData("a+(b)|{c}$", "a+(b)|{c}$", true)]
    [InlineData("a+", "aa", false)]
    // Exceptions; the last match decides.
    [InlineData("*\n!a", "a", false)]
    [InlineData("*\n!a", "b", true)]
    [InlineData("*\n!a", "a/b", false)]
    [InlineData("!a\n*", "a", true)]
    [InlineData("*.md\n!README.md", "README.md", false)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true)]
    [InlineData("*.md\nREADME-secret.md\n!README*.md", "README-secret.md", false)]
    [InlineData("a\n!a/b", "a/b", false)]
    [InlineData("a\n!a/b", "a/c", true)]
    [InlineData("a\n!a/b\na/b/c", "a/b/c", true)]
    [InlineData("*\n!**/*.py", "x/y.py", false)]
    [InlineData("*\n! a", "a", false)]
    [InlineData("*\n!/a/", "a", false)]
    // Case counts.
    [InlineData("A", "a", false)]
    public void Patterns_mean_what_they_mean_to_Docker(string text, string path, bool isIgnored)
    {
        var ignore = DockerIgnore.Parse(text);
        var state = ignore.Root;
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i <= segments.Length; i++)
            state = ignore.Test(string.Join('/', segments[..i]), state);
        Assert.Equal(isIgnored, state.IsIgnored);
    }

    [Theory]
    [InlineData("!")]
    [InlineData("a\n! \nb")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    public void A_line_that_is_no_pattern_is_named(string text)
    {
        var exception = Assert.Throws<ArgumentException>(() => DockerIgnore.Parse(text));
        Assert.Contains(text.Split('\n').First(line => line != "a").Trim(), exception.Message, StringComparison.Ordinal);
        Assert.Contains(".dockerignore", exception.Message, StringComparison.Ordinal);
    }
}
