using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Images;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests;

/// <summary>
/// A manager on the real engine with an owner of its own, so that tests side by side do not see each other's sandboxes. When it is
/// disposed everything of that owner is gone.
/// </summary>
internal sealed class SandboxHouse : IAsyncDisposable
{
    private readonly List<string> _volumes = [];
    private readonly List<string> _images = [];
    private readonly string _image;

    private SandboxHouse(DockerClient client, string image, SandboxSettings settings, string? endpoint, string? templates, bool hasAgents)
    {
        Client = client;
        _image = image;
        Settings = settings;
        Manager = new SandboxManager(DockerRuntime.Connect(endpoint, hasAgents ? Repository.Agents : Repository.Templates), settings, new TemplateCatalog([templates ?? Repository.Templates]));
    }

    /// <summary>Everything that a user can do.</summary>
    public SandboxManager Manager { get; }

    public SandboxSettings Settings { get; }

    /// <summary>The engine itself, past the manager, for looking at what really is.</summary>
    public DockerClient Client { get; }

    /// <summary>Opens a house; the test is skipped where no engine answers or it lacks the image. Without agents, everything goes through the engine.</summary>
    public static async Task<SandboxHouse> OpenAsync(
        Func<SandboxSettings, SandboxSettings>? change = null, string? endpoint = null, string? templates = null, bool hasAgents = true)
    {
        var image = await Engine.ImageAsync();
        var settings = new SandboxSettings { Owner = "test-" + Guid.NewGuid().ToString("N")[..12], BaseImage = image };
        return new SandboxHouse(await Engine.ClientAsync(), image, change?.Invoke(settings) ?? settings, endpoint, templates, hasAgents);
    }

    /// <summary>The least that a sandbox needs: the base image, and a deadline in case the tests die.</summary>
    public SandboxOptions Options => new() { Image = _image, Timeout = TimeSpan.FromMinutes(10) };

    public Task<Sandbox> CreateAsync(Func<SandboxOptions, SandboxOptions>? change = null) =>
        Manager.CreateAsync(change?.Invoke(Options) ?? Options, OperationObserver.None, Limits.Token);

    /// <summary>
    /// Has the manager find out whether the engine grants the limit of open files, which makes the first creation take its steps twice.
    /// Where the shared network remembers it, there is nothing to find out.
    /// </summary>
    public async Task LearnAsync()
    {
        if (await Client.Networks.InspectAsync("flourisha-shared", Limits.Token) is not { } network || !network.Labels.ContainsKey("flourisha.open-files"))
            await Manager.RemoveAsync(await CreateAsync(), OperationObserver.None, Limits.Token);
    }

    /// <summary>Runs a line of shell, and trusts it to work.</summary>
    public async Task<string> ShellAsync(Sandbox sandbox, string line, string? user = null)
    {
        var result = await RunAsync(sandbox, line, user);
        Assert.True(result.ExitCode == 0, $"'{line}' ended with {result.ExitCode}: {result.Error}");
        return result.Output.TrimEnd('\n');
    }

    public Task<FlourishaSandbox.Commands.CommandResult> RunAsync(Sandbox sandbox, string line, string? user = null) =>
        Manager.RunAsync(sandbox, new CommandRequest { Command = line, User = user }, input: null, OperationObserver.None, Limits.Token);

    public Task<FlourishaSandbox.Commands.CommandResult> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input = null) =>
        Manager.RunAsync(sandbox, request, input, OperationObserver.None, Limits.Token);

    public Task<Sandbox> AgainAsync(Sandbox sandbox) => Manager.GetAsync(new SandboxReference(sandbox), Limits.Token);

    public Task<ContainerInspection> InspectAsync(Sandbox sandbox) => Client.Containers.InspectAsync(sandbox.Id, Limits.Token);

    /// <summary>A name for a volume, which is removed with the house.</summary>
    public string NewVolume()
    {
        var name = Engine.NewName();
        _volumes.Add(name);
        return name;
    }

    /// <summary>Has an image removed with the house.</summary>
    public void Own(SandboxImage image) => _images.Add(image.Name);

    /// <summary>What the engine has of this owner: names of containers and networks, and of the volumes that were asked for.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync()
    {
        var filters = new DockerFilters().Add("label", $"flourisha.owner={Settings.Owner}");
        var left = (await Client.Containers.ListAsync(all: true, filters, Limits.Token)).Select(container => container.Names[0]).ToList();
        left.AddRange((await Client.Volumes.ListAsync(filters, Limits.Token)).Select(volume => volume.Name));
        left.AddRange((await Client.Networks.ListAsync(filters, Limits.Token)).Select(network => network.Name));
        foreach (var volume in _volumes)
        {
            if (await Client.Volumes.InspectAsync(volume, Limits.Token) is not null)
                left.Add(volume);
        }

        return left;
    }

    public async ValueTask DisposeAsync()
    {
        // Past the limit of the test, which may just have run out.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var filters = new DockerFilters().Add("label", $"flourisha.owner={Settings.Owner}");
        var containers = await Client.Containers.ListAsync(all: true, filters, limit.Token);
        await Task.WhenAll(containers.Select(container => RemoveAsync(container.Id, limit.Token)));
        foreach (var network in await Client.Networks.ListAsync(filters, limit.Token))
            await Client.Networks.RemoveAsync(network.Id, limit.Token);

        foreach (var volume in _volumes)
        {
            if (await Client.Volumes.InspectAsync(volume, limit.Token) is not null)
                await Client.Volumes.RemoveAsync(volume, force: true, limit.Token);
        }

        foreach (var claim in await Client.Volumes.ListAsync(filters, limit.Token))
            await Client.Volumes.RemoveAsync(claim.Name, force: true, limit.Token);

        foreach (var image in _images)
        {
            if (await Client.Images.InspectAsync(image, limit.Token) is not null)
                await Client.Images.RemoveAsync(image, force: true, limit.Token);
        }

        Manager.Dispose();
    }

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await Client.Containers.RemoveAsync(id, force: true, removeVolumes: true, cancellationToken);
        }
        catch (DockerException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            // Gone, or on its way.
        }
    }
}
