using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Lifecycle;

/// <summary>Files of sandboxes under a name, and copies, on the real engine.</summary>
[Trait("Category", Engine.Category)]
public sealed class CheckpointTests
{
    [Fact]
    public async Task A_checkpoint_has_the_files_and_the_facts_of_a_sandbox_and_none_of_its_secrets()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with
        {
            Ports = [8000], User = "1234:1234", WorkingDirectory = "/var/tmp", Metadata = new Dictionary<string, string> { ["run"] = "42" },
            Environment = new Dictionary<string, string> { ["TOKEN"] = "very-secret" },
        });
        await house.ShellAsync(sandbox, "echo kept > /var/tmp/file");
        var name = Engine.NewName();
        var checkpoint = await house.Manager.Checkpoints.CreateAsync(sandbox, name, replace: false, OperationObserver.None, Limits.Token);
        house.Own(checkpoint.Image);
        Assert.Equal((name, sandbox.Name, house.Settings.Owner), (checkpoint.Name, checkpoint.Source, checkpoint.Owner));
        Assert.Equal(name, Assert.Single(await house.Manager.Checkpoints.ListAsync(allOwners: false, Limits.Token)).Name);

        var image = await house.Client.Images.InspectAsync(checkpoint.Image.Name, Limits.Token);
        Assert.DoesNotContain(image!.Config.Env, variable => variable.Contains("very-secret", StringComparison.Ordinal));
        Assert.DoesNotContain(image.Config.Labels.Values, value => value == "42" || value == sandbox.Id);

        await Failure.ExpectAsync(SandboxError.NameInUse, () => house.Manager.Checkpoints.CreateAsync(sandbox, name, replace: false, OperationObserver.None, Limits.Token));
        var again = await house.CreateAsync(options => options with { Image = null, Checkpoint = name, Timeout = Timeout.InfiniteTimeSpan });
        Assert.Equal("kept 1234 /var/tmp", await house.ShellAsync(again, "echo $(cat file) $(id -u) $PWD"));
        Assert.Equal([8000], again.Ports.Select(port => port.Port));
        Assert.Empty(again.Metadata);

        // What an image inherited of the other sandbox says nothing about this one.
        Assert.Null((await house.AgainAsync(again)).Deadline);
        Assert.Empty(await house.Manager.Processes.ListAsync(again, includeEnded: true, Limits.Token));
    }

    [Fact]
    public async Task A_checkpoint_that_is_replaced_or_removed_leaves_its_sandboxes_alone_and_goes_with_the_last()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var name = Engine.NewName();
        var first = await house.Manager.Checkpoints.CreateAsync(sandbox, name, replace: false, OperationObserver.None, Limits.Token);
        var second = await house.Manager.Checkpoints.CreateAsync(sandbox, name, replace: true, OperationObserver.None, Limits.Token);
        Assert.NotEqual(first.Image.Id, second.Image.Id);
        Assert.Null(await house.Client.Images.InspectAsync(first.Image.Id, Limits.Token));

        var user = await house.CreateAsync(options => options with { Image = null, Checkpoint = name });
        await house.Manager.Checkpoints.RemoveAsync(second, OperationObserver.None, Limits.Token);
        await Failure.ExpectAsync(SandboxError.CheckpointNotFound, () => house.Manager.Checkpoints.GetAsync(name, Limits.Token));
        Assert.Equal("alive", await house.ShellAsync(user, "echo alive"));
        await house.Manager.RemoveAsync(user, OperationObserver.None, Limits.Token);
        if (await house.Client.Images.InspectAsync(second.Image.Id, Limits.Token) is not null)
            await house.Client.Images.RemoveAsync(second.Image.Id, force: true, Limits.Token);
    }

    [Fact]
    public async Task Copies_are_like_the_source_and_their_image_goes_with_the_last_of_them()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var volume = house.NewVolume();
        var sandbox = await house.CreateAsync(options => options with
        {
            Name = Engine.NewName(), Ports = [8000], Environment = new Dictionary<string, string> { ["GREETING"] = "hello" }, Metadata = new Dictionary<string, string> { ["run"] = "42" },
            Limits = new ResourceLimits { Memory = 256 << 20, Cpus = 0.5, PidLimit = 100 }, Volumes = [SandboxVolume.Parse($"{volume}:/data:rw")],
        });
        await house.ShellAsync(sandbox, "echo kept > /var/tmp/file; echo shared > /data/file", user: "root");

        var names = await house.Manager.Checkpoints.NameCopiesAsync(sandbox, name: null, 2, Limits.Token);
        Assert.Equal([sandbox.Name + "-copy-1", sandbox.Name + "-copy-2"], names);
        var copies = await house.Manager.Checkpoints.CopyAsync(sandbox, [.. names, sandbox.Name], timeout: null, 3, OperationObserver.None, Limits.Token);
        Assert.Equal([null, null, SandboxError.NameInUse], copies.Select(copy => copy.Failure?.Error));
        foreach (var copy in copies.Take(2).Select(copy => copy.Sandbox!))
        {
            Assert.Equal("kept shared hello", await house.ShellAsync(copy, "echo $(cat /var/tmp/file /data/file) $GREETING"));
            Assert.Equal((sandbox.Limits, "42", sandbox.User, 8000), (copy.Limits, copy.Metadata["run"], copy.User, copy.Ports[0].Port));
        }

        var image = copies[0].Sandbox!.Image;
        await house.Manager.RemoveAsync(copies[0].Sandbox!, OperationObserver.None, Limits.Token);
        Assert.NotNull(await house.Client.Images.InspectAsync(image, Limits.Token));
        await house.Manager.RemoveAsync(copies[1].Sandbox!, OperationObserver.None, Limits.Token);
        Assert.Null(await house.Client.Images.InspectAsync(image, Limits.Token));
    }

    [Fact]
    public async Task Where_no_copy_comes_to_be_no_image_is_left()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var before = await ForksAsync(house);
        var copies = await house.Manager.Checkpoints.CopyAsync(sandbox, [sandbox.Name], timeout: null, 1, OperationObserver.None, Limits.Token);
        Assert.Equal(SandboxError.NameInUse, copies[0].Failure!.Error);

        using var cancel = new CancellationTokenSource();
        var copying = house.Manager.Checkpoints.CopyAsync(sandbox, [sandbox.Name + "-1", sandbox.Name + "-2"], timeout: null, 1, new CancelAtCreation(cancel), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.Single(await house.LeftoversAsync());
        Assert.Empty((await ForksAsync(house)).Except(before));
    }

    private static async Task<IReadOnlyList<string>> ForksAsync(SandboxHouse house) =>
        [.. (await house.Client.Images.ListAsync(new DockerFilters().Add("label", "flourisha.sandbox=fork"), Limits.Token)).Select(image => image.Id)];

    private sealed class CancelAtCreation(CancellationTokenSource source) : OperationObserver
    {
        public override void Verbose(string message)
        {
            if (message.StartsWith("Creating", StringComparison.Ordinal))
                source.Cancel();
        }
    }
}
