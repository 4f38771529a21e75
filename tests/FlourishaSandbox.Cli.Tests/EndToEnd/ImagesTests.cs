namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Building and listing images and templates.</summary>
public sealed class ImagesTests : EngineTests
{
    [Fact]
    public async Task A_folder_is_built_and_can_be_used_and_is_listed()
    {
        var name = $"flourisha-cli-test:{Guid.NewGuid():N}";
        var folder = WriteTemplate("built", "RUN echo made > /made\nEXPOSE 80\n");
        try
        {
            var result = (await RunAsync("images", "build", folder, "--name", name)).Expect(0);
            Assert.Equal($"{name}\n", result.Output);
            Assert.Matches(@"(?m)^Step 2/\d+ : RUN echo made > /made$", result.Error);

            var listed = (await RunAsync("images", "list", "--json")).Expect(0).Json;
            Assert.Contains(name, listed.EnumerateArray().Select(image => image.GetProperty("name").GetString()));
            Assert.Contains(name, (await RunAsync("images", "list")).Expect(0).Output, StringComparison.Ordinal);

            var json = (await RunAsync("images", "build", folder, "--name", name, "--json")).Expect(0);
            Assert.Equal(name, json.Json.GetProperty("name").GetString());
            Assert.Equal("", json.Error);

            var id = (await RunAsync("init", "--image", name)).Expect(0).Output.Trim();
            Assert.Equal("made\n", (await RunAsync("exec", id, "cat", "/made")).Expect(0).Output);
            (await RunAsync("kill", id)).Expect(0);
        }
        finally
        {
            await Engine.RemoveImageAsync(name);
        }
    }

    [Fact]
    public async Task A_template_is_built_when_it_is_first_used()
    {
        Variables["FLOURISHA_TEMPLATES"] = Folder;
        var template = $"t{Guid.NewGuid():N}"[..12];
        await File.WriteAllTextAsync(Path.Combine(WriteTemplate(template, $"RUN echo {template} > /made\n"), "template.json"), """{ "description": "For a test", "ports": [8000], "user": "nobody", "workingDirectory": "/tmp" }""");

        var listed = (await RunAsync("templates", "list", "--json")).Expect(0).Json.EnumerateArray().Single(one => one.GetProperty("name").GetString() == template);
        Assert.Equal("For a test", listed.GetProperty("description").GetString());
        Assert.Matches($@"(?m)^{template} +8000 +For a test$", (await RunAsync("templates", "list")).Expect(0).Output);

        var made = (await RunAsync("init", "-t", template)).Expect(0);
        var sandbox = (await RunAsync("list", "--json")).Expect(0).Json[0];
        try
        {
            Assert.Matches(@"\A[0-9a-f]{12}\n\z", made.Output);
            Assert.Contains("Step 1/", made.Error, StringComparison.Ordinal);
            Assert.Equal(template, sandbox.GetProperty("template").GetString());
            Assert.Equal($"{template} /tmp 65534\n", (await RunAsync("exec", made.Output.Trim(), "echo $(cat /made) $(pwd) $(id -u)")).Expect(0).Output);
            (await RunAsync("kill", made.Output.Trim())).Expect(0);
        }
        finally
        {
            await Engine.RemoveImageAsync(sandbox.GetProperty("image").GetString()!);
        }
    }

    [Fact]
    public async Task A_step_that_fails_shows_what_it_said()
    {
        var result = (await RunAsync("images", "build", WriteTemplate("failing", "RUN echo the reason; exit 7\n"))).Expect(1);
        Assert.Equal("", result.Output);
        Assert.Contains("the reason", result.Error, StringComparison.Ordinal);
        Assert.Contains("Step 2/", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_template_is_refused()
    {
        Assert.Equal("TemplateNotFound", (await RunAsync("images", "build", "no-such-template", "--json")).Expect(3).JsonError.GetProperty("id").GetString());
        Assert.Equal("TemplateInvalid", (await RunAsync("images", "build", Folder, "--json")).Expect(2).JsonError.GetProperty("id").GetString());
    }

    private string WriteTemplate(string name, string steps)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), $"FROM {Image}\n{steps}");
        return folder;
    }
}
