using System.Net;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Runtimes;

namespace FlourishaSandbox.Core.Tests.Enforcement;

/// <summary>Whether the engine's own quota is asked for, by what engines say of themselves.</summary>
public sealed class DiskQuotaTests
{
    [Theory]
    [InlineData("overlay2", "extfs", false)]
    [InlineData("overlay2", "xfs", true)]
    [InlineData("btrfs", "", true)]
    [InlineData("zfs", "", true)]
    [InlineData("vfs", "", false)]
    public void Storage_that_may_have_quotas_is_known_by_its_driver(string driver, string backing, bool mayHave) =>
        Assert.Equal(mayHave, DockerDisk.MayHaveQuota(new EngineInfo { Driver = driver, DriverStatus = [["Backing Filesystem", backing], ["Supports d_type", "true"]] }));

    [Fact]
    public async Task The_engine_here_is_not_asked_for_what_it_cannot_do()
    {
        var client = await Engine.ClientAsync();
        var info = await client.System.InfoAsync(Limits.Token);
        Assert.SkipWhen(DockerDisk.MayHaveQuota(info), "This engine's storage may have quotas.");

        var request = await new DockerDisk(new DockerFacts(client)).ApplyAsync(new ContainerCreateRequest { Image = "x" }, 1 << 30, Limits.Token);

        Assert.Null(request.HostConfig?.StorageOpt);
        Assert.NotEmpty(info.DriverStatus);
    }

    [Fact]
    public async Task A_refusal_of_the_quota_alone_is_tried_without_it_and_only_once()
    {
        var disk = new DockerDisk(new DockerFacts(await Engine.ClientAsync()));
        var refusal = new DockerException(HttpStatusCode.InternalServerError, "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");

        Assert.False(disk.IsRefusal(new DockerException(HttpStatusCode.InternalServerError, "no space left on device")));
        Assert.True(disk.IsRefusal(refusal));
        Assert.False(disk.IsRefusal(refusal));
    }
}
