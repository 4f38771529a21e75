using System.Globalization;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Making sandboxes.</summary>
public sealed class InitTests : EngineTests
{
    [Fact]
    public async Task The_id_alone_is_on_standard_output()
    {
        var result = (await RunAsync("init", "--image", Image)).Expect(0);
        Assert.Matches(@"\A[0-9a-f]{12}\n\z", result.Output);
        Assert.Equal("", result.Error);
        Assert.Equal("hello\n", (await RunShellAsync($"ID={result.Output.Trim()}; cli exec $ID 'echo hello'")).Expect(0).Output);
    }

    [Fact]
    public async Task Every_option_takes_effect()
    {
        Variables["FLOURISHA_SECRET"] = "s3cret";
        var name = $"cli-{Guid.NewGuid():N}";
        var volume = $"cli-test-{Guid.NewGuid():N}";
        string[] options =
        [
            "--image", Image, "--name", name, "--timeout", "1h30m", "-e", "MODE=a=b c", "-e", "FLOURISHA_SECRET", "-m", "run=42", "-p", "8000", "-p", "3000",
            "--memory", "256MB", "--cpus", "0.5", "--pids", "64", "--workdir", "/var", "--user", "1234:1234", "-v", $"{volume}:/data:rw",
        ];
        try
        {
            var json = (await RunAsync(["init", "--json", .. options])).Expect(0).Json;
            Assert.Equal(name, json.GetProperty("name").GetString());
            Assert.Equal("running", json.GetProperty("state").GetString());
            Assert.Equal(256 << 20, json.GetProperty("limits").GetProperty("memory").GetInt64());
            Assert.Equal(0.5, json.GetProperty("limits").GetProperty("cpus").GetDouble());
            Assert.Equal(64, json.GetProperty("limits").GetProperty("pidLimit").GetInt32());
            Assert.Equal("42", json.GetProperty("metadata").GetProperty("run").GetString());
            Assert.Equal([3000, 8000], json.GetProperty("ports").EnumerateArray().Select(port => port.GetProperty("port").GetInt32()));
            Assert.Equal(90, (json.GetProperty("deadline").GetDateTimeOffset() - json.GetProperty("createdAt").GetDateTimeOffset()).TotalMinutes);
            Assert.Equal("a=b c s3cret /var 1234\n", (await RunAsync("exec", name, "echo $MODE $FLOURISHA_SECRET $(pwd) $(id -u)")).Expect(0).Output);
        }
        finally
        {
            (await RunAsync("kill", name)).Expect(0);
            await Engine.RemoveVolumeAsync(volume);
        }
    }

    [Fact]
    public async Task Several_are_made_and_named_in_order()
    {
        var name = $"cli-{Guid.NewGuid():N}"[..16];
        var result = (await RunAsync("init", "--image", Image, "--count", "3", "--name", name)).Expect(0);
        var ids = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, ids.Distinct().Count());
        var listed = (await RunAsync("list", "--json")).Expect(0).Json.EnumerateArray().ToDictionary(one => one.GetProperty("shortId").GetString()!, one => one.GetProperty("name").GetString());
        Assert.Equal(Enumerable.Range(1, 3).Select(number => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}")), ids.Select(id => listed[id]));

        var more = (await RunAsync("init", "--json", "--image", Image, "--count", "1")).Expect(0).Json;
        Assert.Equal(1, more.GetArrayLength());
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        var name = $"cli-{Guid.NewGuid():N}";
        await CreateAsync("--name", name);
        var result = (await RunAsync("init", "--image", Image, "--name", name)).Expect(4);
        Assert.Equal("", result.Output);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"docker-sandbox: The name '{name}' is taken", lines[0], StringComparison.Ordinal);
        Assert.Equal("NameInUse", (await RunAsync("init", "--json", "--image", Image, "--name", name)).Expect(4).JsonError.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(2, "InvalidOption", "--memory", "1MB")]
    [InlineData(2, "InvalidOption", "--name", "-x y")]
    [InlineData(2, "InvalidOption", "-v", "/etc:/etc")]
    [InlineData(2, "InvalidOption", "-p", "70000")]
    [InlineData(2, "InvalidOption", "--template", "minimal")]
    public async Task What_cannot_be_used_is_refused_before_anything_is_made(int exitCode, string id, params string[] options)
    {
        var error = (await RunAsync(["init", "--json", "--image", Image, .. options])).Expect(exitCode).JsonError;
        Assert.Equal(id, error.GetProperty("id").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Templates_and_images_that_are_not_there_are_named()
    {
        Assert.Equal("TemplateNotFound", (await RunAsync("init", "--json", "-t", "no-such-template")).Expect(3).JsonError.GetProperty("id").GetString());
        Assert.Equal("ImageNotFound", (await RunAsync("init", "--json", "--image", "localhost:1/no/such:image")).Expect(3).JsonError.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(20)]
    [InlineData(150)]
    [InlineData(400)]
    [InlineData(800)]
    public async Task Interrupted_at_any_time_it_leaves_nothing(int milliseconds)
    {
        // So many that no machine has made them all when the signal comes.
        using var process = Start("init", "--image", Image, "--count", $"{24 * Environment.ProcessorCount}");
        await Task.Delay(milliseconds);
        CliProgram.SendInterrupt(process);
        var result = await CliProgram.FinishAsync(process);

        // The signal may come before anybody listens, which ends the process as the system has it: .NET reports 130 for both.
        result.Expect(130);
        Assert.Equal("", result.Output);
        Assert.Equal(0, (await RunAsync("list", "--json")).Expect(0).Json.GetArrayLength());
    }
}
