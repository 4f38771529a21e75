namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Settings by the program, in files of the tests' own. No engine is needed.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flourisha-cli-").FullName;
    private readonly Dictionary<string, string?> _environment;

    public ConfigTests() => _environment = new()
    {
        ["DOCKER_HOST"] = "unix:///nowhere/docker.sock",
        ["FLOURISHA_CONFIG"] = User,
        ["FLOURISHA_MACHINE_CONFIG"] = Machine,
        ["FLOURISHA_MEMORY"] = null,
        ["CONTAINER_MEMORY"] = null,
    };

    private string User => Path.Combine(_folder, "user", "config.json");

    private string Machine => Path.Combine(_folder, "machine", "config.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<CliResult> RunAsync(params string[] args) => CliProgram.RunAsync(_environment, null, args);

    [Fact]
    public async Task A_value_is_set_shown_and_unset()
    {
        (await RunAsync("config", "set", "limits.memory", "4g")).Expect(0);
        var shown = (await RunAsync("config", "get", "LIMITS.Memory")).Expect(0);
        Assert.Equal("4GB", shown.Output.Trim());
        Assert.Contains(User, shown.Error, StringComparison.Ordinal);

        (await RunAsync("config", "unset", "limits.memory")).Expect(0);
        Assert.Equal("2GB", (await RunAsync("config", "get", "limits.memory")).Expect(0).Output.Trim());
        Assert.Equal("{}", (await File.ReadAllTextAsync(User)).Trim());
    }

    [Fact]
    public async Task In_JSON_a_value_is_as_a_file_has_it_and_its_source_is_named()
    {
        (await RunAsync("config", "set", "allowHosts", "pypi.org", "*.pythonhosted.org", "--machine")).Expect(0);
        (await RunAsync("config", "set", "limits.cpus", "0.5")).Expect(0);

        var list = (await RunAsync("config", "list", "--json")).Expect(0).Json.EnumerateArray().ToDictionary(setting => setting.GetProperty("name").GetString()!);
        Assert.Equal("""["pypi.org","*.pythonhosted.org"]""", list["allowHosts"].GetProperty("value").GetRawText().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(("machine", Machine), (list["allowHosts"].GetProperty("source").GetString(), list["allowHosts"].GetProperty("location").GetString()));
        Assert.Equal((0.5, "user"), (list["limits.cpus"].GetProperty("value").GetDouble(), list["limits.cpus"].GetProperty("source").GetString()));
        Assert.Equal("default", list["timeout"].GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_variable_goes_above_and_that_is_told()
    {
        _environment["CONTAINER_MEMORY"] = "512m";
        Assert.Contains("CONTAINER_MEMORY", (await RunAsync("config", "set", "limits.memory", "1GB")).Expect(0).Error, StringComparison.Ordinal);
        Assert.Contains("CONTAINER_MEMORY", (await RunAsync("config", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limits.memory", "1k")]
    [InlineData("isolation", "tight")]
    [InlineData("nothing", "x")]
    public async Task What_cannot_be_used_is_a_wrong_call_and_not_written(string name, string value)
    {
        Assert.Equal("InvalidOption", (await RunAsync("config", "set", name, value, "--json")).Expect(2).JsonError.GetProperty("id").GetString());
        Assert.False(File.Exists(User));
    }

    [Fact]
    public async Task A_wrong_file_is_told_by_every_verb_and_can_be_mended()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(User)!);
        await File.WriteAllTextAsync(User, """{ "isolation": "tight" }""");
        Assert.Contains(User, (await RunAsync("init", "--image", "debian")).Expect(2).Error, StringComparison.Ordinal);
        (await RunAsync("config", "set", "isolation", "strict")).Expect(0);
        (await RunAsync("init", "--image", "debian")).Expect(5);
    }

    [Fact]
    public async Task Without_a_container_nothing_is_made()
    {
        _environment["USE_CONTAINER"] = "false";
        Assert.Contains("USE_CONTAINER", (await RunAsync("init", "--image", "debian")).Expect(2).Error, StringComparison.Ordinal);
    }
}
