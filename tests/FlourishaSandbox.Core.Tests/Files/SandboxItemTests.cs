using FlourishaSandbox.Files;

namespace FlourishaSandbox.Core.Tests.Files;

public sealed class SandboxItemTests
{
    [Theory]
    [InlineData(SandboxItemType.File, 0x1A4, "-rw-r--r--")] // 0644
    [InlineData(SandboxItemType.Directory, 0x1ED, "drwxr-xr-x")] // 0755
    [InlineData(SandboxItemType.Link, 0x1FF, "lrwxrwxrwx")]
    [InlineData(SandboxItemType.File, 0x9ED, "-rwsr-xr-x")] // 4755
    [InlineData(SandboxItemType.File, 0x9A4, "-rwSr--r--")] // 4644
    [InlineData(SandboxItemType.File, 0x5ED, "-rwxr-sr-x")] // 2755
    [InlineData(SandboxItemType.File, 0x5A4, "-rw-r-Sr--")] // 2644
    [InlineData(SandboxItemType.Directory, 0x3FF, "drwxrwxrwt")] // 1777
    [InlineData(SandboxItemType.Directory, 0x3FE, "drwxrwxrwT")] // 1776
    [InlineData(SandboxItemType.File, 0, "----------")]
    public void Modes_read_as_in_ls(SandboxItemType type, int mode, string expected) =>
        Assert.Equal(expected, new SandboxItem { Sandbox = TestData.Sandbox(), Path = "/x", Type = type, Permissions = (UnixFileMode)mode }.Mode);
}
