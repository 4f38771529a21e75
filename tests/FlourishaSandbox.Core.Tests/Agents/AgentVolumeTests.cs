using System.Security.Cryptography;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Agents;

/// <summary>How the agent comes to an engine. These agents are random bytes, so that each test's is the first of its kind.</summary>
[Trait("Category", Engine.Category)]
public sealed class AgentVolumeTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private AgentBinary _agent = null!;
    private DockerClient _client = null!;

    private string Name => $"flourisha-agent-{_agent.Digest[..12]}";

    public async ValueTask InitializeAsync()
    {
        _client = await Engine.ClientAsync();
        var content = RandomNumberGenerator.GetBytes(3 << 20);
        await File.WriteAllBytesAsync(_folder["flourisha-agent"], content, TestContext.Current.CancellationToken);
        _agent = new AgentBinary(_folder["flourisha-agent"], Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant());
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (await ExistsAsync())
            await _client.Containers.RemoveAsync(Name, force: true, removeVolumes: true, Limits.Token);

        await _client.Volumes.RemoveAsync(Name, force: true, Limits.Token);
        if (await _client.Images.InspectAsync($"flourisha-agent:{_agent.Digest[..12]}", Limits.Token) is { } image)
            await _client.Images.RemoveAsync(image.Id, force: true, Limits.Token);
    }

    [Fact]
    public async Task Many_first_users_at_once_all_find_it_whole()
    {
        var names = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => EnsureAndReadAsync()));
        Assert.Equal(Name, Assert.Single(names.Distinct()));
        Assert.Equal("agent", (await _client.Volumes.InspectAsync(Name, Limits.Token))!.Labels["flourisha.sandbox"]);
    }

    [Fact]
    public async Task What_was_removed_comes_anew()
    {
        await EnsureAndReadAsync();
        await _client.Containers.RemoveAsync(Name, force: true, removeVolumes: true, Limits.Token);
        await EnsureAndReadAsync(); // its container pruned, its volume still there

        await _client.Containers.RemoveAsync(Name, force: true, removeVolumes: true, Limits.Token);
        await _client.Volumes.RemoveAsync(Name, force: true, Limits.Token);
        await EnsureAndReadAsync();
    }

    [Fact]
    public async Task A_volume_that_was_not_filled_to_the_end_is_not_taken_for_whole()
    {
        await _client.Volumes.CreateAsync(new VolumeCreateRequest { Name = Name, Labels = Engine.Labels }, Limits.Token);
        await EnsureAndReadAsync();
    }

    [Fact]
    public async Task The_program_can_be_executed_and_not_read()
    {
        await EnsureAndReadAsync();
        var (stat, tar) = await _client.Containers.GetArchiveAsync(Name, "/.flourisha/agent", Limits.Token);
        await tar.DisposeAsync();
        Assert.Equal((UnixFileMode)0b001_001_001, (UnixFileMode)(stat.Mode & 0x1FF));
    }

    // What is in the volume, read through the container that vouches for it.
    private async Task<string> EnsureAndReadAsync()
    {
        var name = await new DockerAgentVolume(_client).EnsureAsync(_agent, OperationObserver.None, Limits.Token);
        var (_, tar) = await _client.Containers.GetArchiveAsync(name, "/.flourisha/agent", Limits.Token);
        await using var disposing = tar;
        var reader = new System.Formats.Tar.TarReader(tar);
        var entry = await reader.GetNextEntryAsync(copyData: true, Limits.Token);
        Assert.Equal(_agent.Digest, Convert.ToHexString(await SHA256.HashDataAsync(entry!.DataStream!, Limits.Token)).ToLowerInvariant());
        return name;
    }

    private async Task<bool> ExistsAsync()
    {
        try
        {
            await _client.Containers.InspectAsync(Name, Limits.Token);
            return true;
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return false;
        }
    }
}
