using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A container that is removed after the test.</summary>
internal sealed class TestContainer : IAsyncDisposable
{
    private TestContainer(DockerClient client, string id, string name)
    {
        Client = client;
        Id = id;
        Name = name;
    }

    public DockerClient Client { get; }

    public string Id { get; }

    public string Name { get; }

    /// <summary>An idle container that runs.</summary>
    public static async Task<TestContainer> StartAsync(Func<ContainerCreateRequest, ContainerCreateRequest>? change = null)
    {
        var container = await CreateAsync(change);
        try
        {
            await container.Client.Containers.StartAsync(container.Id, Limits.Token);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>An idle container that does not run yet.</summary>
    public static async Task<TestContainer> CreateAsync(Func<ContainerCreateRequest, ContainerCreateRequest>? change = null)
    {
        var client = await Engine.ClientAsync();
        var request = await Engine.IdleRequestAsync();
        var name = Engine.NewName();
        var created = await client.Containers.CreateAsync(change?.Invoke(request) ?? request, name, Limits.Token);
        return new TestContainer(client, created.Id, name);
    }

    public Task<CommandResult> RunAsync(params string[] command) => TestCommand.RunAsync(Client, Id, new ExecCreateRequest { Cmd = [.. command] });

    public async Task<string> ReadAsync(params string[] command)
    {
        var result = await RunAsync(command);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)} ended with {result.ExitCode}: {result.ErrorText}");
        return result.OutputText;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Client.Containers.RemoveAsync(Id, force: true, removeVolumes: true, CancellationToken.None);
        }
        catch (DockerException exception) when (exception.IsNotFound)
        {
            // The test removed it.
        }
    }
}
