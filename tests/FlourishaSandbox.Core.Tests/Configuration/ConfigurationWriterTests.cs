using System.Text.Json.Nodes;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Configuration;

/// <summary>Writing one setting and nothing else.</summary>
public sealed class ConfigurationWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File_ => Path.Combine(_folder.Path, "deep", "config.json");

    public void Dispose() => _folder.Dispose();

    private void Set(string name, object value) => ConfigurationWriter.Set(File_, ConfigurationWriter.Check(name, value));

    private SandboxSettings Load() => SandboxConfiguration.Load(_ => null, new ConfigurationFiles(File_, null)).Settings;

    [Fact]
    public void A_value_of_any_fitting_type_is_written_as_a_person_would()
    {
        Set("limits.memory", 4L << 30);
        Set("LIMITS.CPUS", 2);
        Set("limits.pids", 100L);
        Set("timeout", TimeSpan.FromMinutes(90));
        Set("isolation", IsolationLevel.Strict);
        Set("allowHosts", "pypi.org, example.com");
        Set("denyHosts", new object[] { "a.example.com" });
        Set("audit.enabled", false);

        Assert.Equal(
            """{"limits":{"memory":"4GB","cpus":2,"pids":100},"timeout":"1h30m","isolation":"strict","allowHosts":["pypi.org","example.com"],"denyHosts":["a.example.com"],"audit":{"enabled":false}}""",
            JsonNode.Parse(File.ReadAllText(File_))!.ToJsonString());
        Assert.Equal(4L << 30, Load().Defaults.Limits.Memory);
    }

    [Fact]
    public void The_rest_of_a_file_stays_also_what_is_wrong_in_it()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, """{ "$schema": "x", "zebra": [1.50, "ü"], "limits": { "memory": "1GB" } }""");
        Set("limits.cpus", 1.5);
        Assert.Equal("""{"$schema":"x","zebra":[1.50,"ü"],"limits":{"memory":"1GB","cpus":1.5}}""", Compact());

        Assert.True(ConfigurationWriter.Remove(File_, "limits.memory"));
        Assert.True(ConfigurationWriter.Remove(File_, "Limits.Cpus"));
        Assert.False(ConfigurationWriter.Remove(File_, "limits.cpus"));
        Assert.Equal("""{"$schema":"x","zebra":[1.50,"ü"]}""", Compact());

        string Compact() => string.Concat(File.ReadAllText(File_).Split('\n').Select(line => line.TrimStart())).Replace("\": ", "\":", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limits.memory", "1KB")]
    [InlineData("limits.memory", -1)]
    [InlineData("limits.cpus", "x")]
    [InlineData("limits.cpus", double.NaN)]
    [InlineData("limits", "x")]
    [InlineData("isolation", "none")]
    [InlineData("timeout", "0s")]
    [InlineData("templates", "relative")]
    [InlineData("runtime", "run sc")]
    public void What_cannot_be_used_is_not_written(string name, object value)
    {
        Failure.Expect(SandboxError.InvalidOption, () => Set(name, value));
        Assert.False(Directory.Exists(Path.GetDirectoryName(File_)));
    }

    [Fact]
    public void A_file_that_is_no_json_is_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, "{ oops");
        Failure.Expect(SandboxError.InvalidOption, () => Set("owner", "me"));
        Assert.Equal("{ oops", File.ReadAllText(File_));
    }

    [Fact]
    public void A_link_is_followed_and_stays_and_so_do_permissions()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows lets few users make links.");
            return;
        }

        var target = Path.Combine(_folder.Path, "dotfiles.json");
        File.WriteAllText(target, "{}");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.CreateSymbolicLink(File_, target);
        Set("owner", "me");

        Assert.Contains("me", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal(target, new FileInfo(File_).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }

    [Fact]
    public async Task Many_writers_at_once_undo_nothing()
    {
        string[] names = ["owner", "runtime", "baseImage", "template"];
        await Task.WhenAll(names.Select(name => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
                Set(name, $"value{i}");
        })));

        Assert.All(SandboxConfiguration.Load(_ => null, new ConfigurationFiles(File_, null)).Entries.Where(entry => names.Contains(entry.Name)), entry => Assert.Equal("value24", entry.Value));
        Assert.Equal(["config.json", "config.json.lock"], Directory.GetFiles(Path.GetDirectoryName(File_)!).Select(Path.GetFileName).Order());
    }
}
