using System.Text.Json.Nodes;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Configuration;

/// <summary>Pools as they are written down in a configuration file.</summary>
public sealed class ConfiguredPoolTests : IDisposable
{
    private static readonly SandboxOptions s_defaults = new() { Template = "mine", Network = NetworkPolicy.Internal, Limits = new ResourceLimits { Memory = 1L << 30, Cpus = 0.5 } };
    private readonly TemporaryFolder _folder = new();

    private string File_ => Path.Combine(_folder.Path, "config.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_pool_does_not_say_is_as_configured()
    {
        var pool = PoolNodes.Read((JsonObject)JsonNode.Parse("""{ "size": 2, "limits": { "cpus": 3 } }""")!, s_defaults);
        Assert.Equal(("mine", 2, 1L << 30, 3.0, NetworkPolicy.Internal), (pool.Template, pool.Size, pool.Limits.Memory, pool.Limits.Cpus, pool.Network));

        var image = PoolNodes.Read((JsonObject)JsonNode.Parse("""{ "size": 1, "image": "debian", "isolation": "strict" }""")!, s_defaults);
        Assert.Equal((null, "debian", IsolationLevel.Strict, null), (image.Template, image.Image, image.Isolation, image.Network));
    }

    [Fact]
    public void A_pool_is_read_as_it_was_written_whatever_the_defaults_are_then()
    {
        var pool = new PoolDefinition { Image = "debian", Size = 4, Isolation = IsolationLevel.Relaxed, Limits = new ResourceLimits { Memory = 3L << 30, PidLimit = 99, Disk = null, Output = 1L << 20 } };
        Assert.Equal(pool, PoolNodes.Read(PoolNodes.Write(pool), s_defaults));
    }

    [Fact]
    public void Pools_come_and_go_and_the_rest_of_the_file_stays()
    {
        File.WriteAllText(File_, """{ "owner": "me" }""");
        var store = new PoolFile(File_, SandboxOptions.Product);
        store.Save(new PoolDefinition { Template = "a", Size = 1 });
        store.Save(new PoolDefinition { Template = "b", Size = 2 });
        store.Save(new PoolDefinition { Template = "a", Size = 5 });
        Assert.Equal([("b", 2), ("a", 5)], new PoolFile(File_, SandboxOptions.Product).Load().Select(pool => (pool.Name, pool.Size)));

        store.Remove("b");
        store.Remove("nothing");
        Assert.Equal("a", Assert.Single(store.Load()).Name);
        Assert.Equal("me", JsonNode.Parse(File.ReadAllText(File_))!["owner"]!.GetValue<string>());
    }

    [Fact]
    public async Task Two_who_save_at_once_both_have_their_pool()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => new PoolFile(File_, SandboxOptions.Product).Save(new PoolDefinition { Template = $"t{number}", Size = number }))));
        Assert.Equal(20, new PoolFile(File_, SandboxOptions.Product).Load().Count);
    }
}
