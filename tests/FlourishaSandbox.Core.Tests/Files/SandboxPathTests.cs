using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Files;

public sealed class SandboxPathTests
{
    [Theory]
    [InlineData("web:/tmp/x", "web", "/tmp/x")]
    [InlineData("web:x", "web", "x")]
    [InlineData("web:", "web", ".")]
    [InlineData("web:a:b", "web", "a:b")]
    [InlineData("web:/a/b:c", "web", "/a/b:c")]
    public void Name_and_path_are_read_as_scp_reads_them(string text, string sandbox, string path)
    {
        Assert.True(SandboxPath.TryParse(text, out var name, out var rest));
        Assert.Equal((sandbox, path), (name, rest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("file")]
    [InlineData("./web:x")]
    [InlineData("../web:x")]
    [InlineData(".x:y")]
    [InlineData("/tmp/a:b")]
    [InlineData("a/b:c")]
    [InlineData(@"a\b:c")]
    [InlineData(":x")]
    public void Anything_else_is_a_local_path(string text) => Assert.False(SandboxPath.TryParse(text, out _, out _));

    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("x", "/workspace/x")]
    [InlineData("x/", "/workspace/x/")]
    [InlineData(".", "/workspace/")]
    [InlineData("./", "/workspace/")]
    [InlineData("..", "/")]
    [InlineData("../x", "/x")]
    [InlineData("../../../x", "/x")]
    [InlineData("/a//b/./c", "/a/b/c")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/b/.", "/a/b/")]
    [InlineData("/", "/")]
    [InlineData("-x", "/workspace/-x")]
    [InlineData("...", "/workspace/...")]
    [InlineData(" ", "/workspace/ ")]
    public void Paths_become_absolute_and_a_trailing_slash_stays(string path, string expected) => Assert.Equal(expected, SandboxPath.Resolve(path, "/workspace"));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void An_impossible_path_is_refused(string path) => Failure.Expect(SandboxError.InvalidOption, () => SandboxPath.Resolve(path, "/"));

    [Theory]
    [InlineData("/a/b", "b", "/a")]
    [InlineData("/a/b/", "b", "/a")]
    [InlineData("/a", "a", "/")]
    [InlineData("/", "", "/")]
    public void Name_and_parent(string path, string name, string parent) => Assert.Equal((name, parent), (SandboxPath.Name(path), SandboxPath.Parent(path)));

    [Theory]
    [InlineData("/a/*", true)]
    [InlineData("/a/b?", true)]
    [InlineData("/a*/b", false)]
    [InlineData("/a/b", false)]
    public void A_wildcard_counts_only_in_the_last_part(string path, bool expected) => Assert.Equal(expected, SandboxPath.HasWildcard(path));
}
