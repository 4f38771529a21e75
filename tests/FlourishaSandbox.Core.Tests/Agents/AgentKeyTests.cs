using System.Runtime.Versioning;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Core.Tests.Docker;

namespace FlourishaSandbox.Core.Tests.Agents;

public sealed class AgentKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_follows_from_the_key_and_the_creation_alone()
    {
        var path = _folder["below/agent.key"];
        var token = new AgentKey(path).TokenFor("one");

        Assert.Equal(token, new AgentKey(path).TokenFor("one"));
        Assert.NotEqual(token, new AgentKey(path).TokenFor("two"));
        Assert.NotEqual(token, new AgentKey(_folder["other.key"]).TokenFor("one"));
        Assert.Matches("^[0-9a-f]{64}$", token);
        Assert.DoesNotContain(token, AgentKey.HashOf(token), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void The_key_is_the_user_s_alone()
    {
        var path = _folder["agent.key"];
        _ = new AgentKey(path).TokenFor("one");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(["agent.key", "agent.key.lock"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_first_users_at_once_get_the_same_key()
    {
        var path = _folder["agent.key"];
        using var together = new Barrier(16);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return new AgentKey(path).TokenFor("one");
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(new AgentKey(path).TokenFor("one"), Assert.Single(tokens.Distinct()));
    }

    [Fact]
    public void Where_no_file_can_be_made_the_key_lasts_as_long_as_the_object()
    {
        File.WriteAllText(_folder["file"], "");
        var key = new AgentKey(_folder["file/agent.key"]);
        Assert.Equal(key.TokenFor("one"), key.TokenFor("one"));
    }

    [Fact]
    public void A_key_that_was_cut_is_made_anew()
    {
        var path = _folder["agent.key"];
        File.WriteAllBytes(path, new byte[7]);
        var token = new AgentKey(path).TokenFor("one");
        Assert.Equal(token, new AgentKey(path).TokenFor("one"));
        Assert.Equal(32, new FileInfo(path).Length);
    }
}
