using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class SandboxVolumeTests
{
    [Theory]
    [InlineData("cache:/var/cache", "cache", "/var/cache", false, false)]
    [InlineData("cache:/var/cache:ro", "cache", "/var/cache", false, false)]
    [InlineData("cache:/var/cache:rw", "cache", "/var/cache", false, true)]
    [InlineData("host:/srv/data:/data", "/srv/data", "/data", true, false)]
    [InlineData("host:/srv/data:/data:rw", "/srv/data", "/data", true, true)]
    [InlineData("host:/srv/with space:/data x", "/srv/with space", "/data x", true, false)]
    [InlineData(@"host:C:\data:/data", @"C:\data", "/data", true, false)]
    [InlineData("hosts:/data", "hosts", "/data", false, false)]
    public void A_volume_is_read_only_unless_it_says_rw(string text, string source, string target, bool isHostPath, bool writable)
    {
        var volume = SandboxVolume.Parse(text);
        Assert.Equal((source, target, isHostPath, writable), (volume.Source, volume.Target, volume.IsHostPath, volume.Writable));
        Assert.Equal(volume, SandboxVolume.Parse(volume.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cache")]
    [InlineData("cache:")]
    [InlineData("cache:relative")]
    [InlineData("cache:/data:rx")]
    [InlineData("cache:/data:RW")]
    [InlineData(":/data")]
    [InlineData("a b:/data")]
    [InlineData("x:/data")] // the engine wants two characters
    [InlineData("host:/data")]
    [InlineData("host:data:/data")]
    [InlineData("cache:/")]
    [InlineData("cache://")]
    [InlineData("cache:/.")]
    [InlineData("cache:/./")]
    [InlineData("cache:/data/../..")]
    [InlineData("host:/srv:/..")]
    [InlineData("cache:/data\0")]
    public void What_has_neither_form_or_no_place_is_refused(string text) => Failure.Expect(SandboxError.InvalidOption, () => SandboxVolume.Parse(text));

    [Theory]
    [InlineData("/etc:/data")]
    [InlineData("./here:/data")]
    [InlineData("/:/host:rw")]
    public void A_folder_of_the_host_is_shared_only_by_the_word_host(string text)
    {
        var failure = Failure.Expect(SandboxError.InvalidOption, () => SandboxVolume.Parse(text));
        Assert.Contains("without asking for it", failure.Message, StringComparison.Ordinal);
        Assert.Contains("host:/folder:/target", failure.Remedy, StringComparison.Ordinal);
    }
}
