using System.Runtime.Versioning;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Images;

[Trait("Category", Engine.Category)]
[UnsupportedOSPlatform("windows")]
public sealed class EngineImageTests : IDisposable
{
    private const string Head = "ARG BASE_IMAGE=debian:bookworm-slim\nFROM ${BASE_IMAGE}\n";

    private readonly TemporaryFolder _folder = new();
    private readonly string _name = "t" + Guid.NewGuid().ToString("N")[..10]; // of this test alone, so that nothing of it is cached

    public void Dispose() => _folder.Dispose();

    private async Task<SandboxHouse> OpenAsync(string dockerfile, string? declaration = null, string? endpoint = null)
    {
        _folder.Write($"{_name}/Dockerfile", Head + dockerfile.Replace("NAME", _name, StringComparison.Ordinal));
        if (declaration is not null)
            _folder.Write($"{_name}/template.json", declaration);
        return await SandboxHouse.OpenAsync(templates: _folder.Path, endpoint: endpoint);
    }

    private async Task<Sandbox> CreateAsync(SandboxHouse house)
    {
        var sandbox = await house.Manager.CreateAsync(new SandboxOptions { Template = _name, Timeout = TimeSpan.FromMinutes(5) }, OperationObserver.None, Limits.Token);
        house.Own(new SandboxImage { Id = "", Name = sandbox.Image });
        return sandbox;
    }

    [Fact]
    public async Task A_template_is_built_on_first_use_and_once_for_all_that_wait()
    {
        await using var proxy = new EngineProxy();
        await using var house = await OpenAsync("RUN echo NAME > /built\nRUN sleep 1\n", """{ "user": "www-data", "workingDirectory": "/srv", "ports": [8000], "environment": { "FROM_TEMPLATE": "yes" } }""", proxy.Address);
        var sandboxes = await Task.WhenAll(CreateAsync(house), CreateAsync(house), CreateAsync(house));
        Assert.Equal(1, proxy.Requests.Count(request => request == "POST /build"));
        Assert.Single(sandboxes.Select(sandbox => sandbox.Image).Distinct());
        Assert.StartsWith($"flourisha-sandbox/{_name}:", sandboxes[0].Image, StringComparison.Ordinal);
        Assert.All(sandboxes, sandbox => Assert.Equal((_name, "www-data", "/srv"), (sandbox.Template, sandbox.User, sandbox.WorkingDirectory)));
        Assert.Equal(8000, Assert.Single(sandboxes[0].Ports).Port);
        Assert.Equal($"{_name} yes 33 /srv", await house.ShellAsync(sandboxes[1], "echo $(cat /built) $FROM_TEMPLATE $(id -u) $PWD"));

        await CreateAsync(house);
        Assert.Equal(1, proxy.Requests.Count(request => request == "POST /build"));
        Assert.Equal(_name, (await house.Manager.Images.ListAsync(Limits.Token)).Single(image => image.Name == sandboxes[0].Image).Template);
    }

    [Fact]
    public async Task Options_go_before_the_template_and_ports_add_up()
    {
        await using var house = await OpenAsync("", """{ "user": "www-data", "ports": [8000], "environment": { "A": "template", "B": "template" } }""");
        var first = await CreateAsync(house);
        var sandbox = await house.Manager.CreateAsync(new SandboxOptions { Template = _name, User = "1234", Ports = [9000, 8000], Environment = new Dictionary<string, string> { ["A"] = "mine" }, Timeout = TimeSpan.FromMinutes(5) }, OperationObserver.None, Limits.Token);
        Assert.Equal("mine template 1234", await house.ShellAsync(sandbox, "echo $A $B $(id -u)"));
        Assert.Equal([8000, 9000], sandbox.Ports.Select(port => port.Port));
        Assert.Equal(first.Image, sandbox.Image);
    }

    [Theory]
    [InlineData("USER root\n", "10000")]
    [InlineData("USER 0:0\n", "10000")]
    [InlineData("USER www-data\n", "33")]
    [InlineData("", "10000")]
    public async Task An_image_that_would_run_as_root_does_not(string dockerfile, string user)
    {
        await using var house = await OpenAsync(dockerfile);
        Assert.Equal(user, await house.ShellAsync(await CreateAsync(house), "id -u"));
    }

    [Fact]
    public async Task Only_capabilities_that_the_template_declares_are_kept()
    {
        await using var house = await OpenAsync("", """{ "user": "root", "capabilities": ["NET_BIND_SERVICE"] }""");
        Assert.Equal("0000000000000400", await house.ShellAsync(await CreateAsync(house), "sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status"));
    }

    [Fact]
    public async Task Whatever_changes_in_a_template_makes_another_image()
    {
        await using var house = await OpenAsync("COPY script /script\n");
        _folder.Write($"{_name}/script", "echo one");
        var images = new List<string>();
        async Task<string> ImageAsync()
        {
            var image = await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get(_name), OperationObserver.None, Limits.Token);
            house.Own(image);
            return image.Name;
        }

        images.Add(await ImageAsync());
        Assert.Equal(images[0], await ImageAsync());
        _folder.Write($"{_name}/script", "echo two");
        images.Add(await ImageAsync());
        File.SetUnixFileMode(_folder[$"{_name}/script"], (UnixFileMode)0x1ED);
        images.Add(await ImageAsync());
        File.AppendAllText(_folder[$"{_name}/Dockerfile"], "ENV X=1\n");
        images.Add(await ImageAsync());
        File.CreateSymbolicLink(_folder[$"{_name}/dangling"], "one"); // as in node_modules
        File.CreateSymbolicLink(_folder[$"{_name}/loop"], ".");
        images.Add(await ImageAsync());
        File.Delete(_folder[$"{_name}/dangling"]);
        File.CreateSymbolicLink(_folder[$"{_name}/dangling"], "two");
        images.Add(await ImageAsync());
        Assert.Equal(images.Count, images.Distinct().Count());
    }

    [Fact]
    public async Task A_step_that_fails_is_named_with_its_output()
    {
        await using var house = await OpenAsync("LABEL flourisha.test=NAME\nRUN echo fine\nRUN echo the-reason && echo more >&2 && exit 9\nRUN echo never\n");
        var observer = new RecordingObserver();
        var failure = await Failure.ExpectAsync(SandboxError.ImageBuildFailed, () => house.Manager.CreateAsync(new SandboxOptions { Template = _name }, observer, Limits.Token));
        Assert.Matches("Step 5/[0-9]+ : RUN echo the-reason", failure.Message);
        var lines = failure.Message.Split(Environment.NewLine);
        Assert.Contains("the-reason", lines);
        Assert.Contains("more", lines);
        Assert.DoesNotContain("fine", failure.Message, StringComparison.Ordinal);
        Assert.True(observer.Reports.Last().Completed);
        Assert.Contains(observer.Reports, report => report.Done == 5 && report.Total >= 6);
        Assert.Empty(await house.LeftoversAsync());

        // The steps that went well stay for the next attempt. There will be none.
        foreach (var image in await house.Client.Images.ListAsync(new DockerFilters().Add("label", $"flourisha.test={_name}"), Limits.Token))
            await house.Client.Images.RemoveAsync(image.Id, force: true, Limits.Token);
    }

    [Fact]
    public async Task What_dockerignore_names_stays_here()
    {
        await using var house = await OpenAsync("COPY . /context\n");
        _folder.Write($"{_name}/.dockerignore", "secret\n*.log\n!keep.log\n");
        foreach (var name in new[] { "secret", "a.log", "keep.log", "sub/secret", "plain" })
            _folder.Write($"{_name}/{name}", "x");
        var listing = await house.ShellAsync(await CreateAsync(house), "cd /context && find . -type f | sort");
        Assert.Equal("./.dockerignore ./Dockerfile ./keep.log ./plain ./sub/secret", listing.Replace('\n', ' '));
    }

    [Fact]
    public async Task A_folder_is_built_under_the_name_that_is_given_with_its_steps_told()
    {
        await using var house = await OpenAsync("RUN echo working\n");
        var observer = new RecordingObserver();
        var image = await house.Manager.Images.BuildAsync(_folder[_name], $"flourisha-test/{_name}:one", template: null, noCache: true, observer, Limits.Token);
        house.Own(image);
        Assert.Equal($"flourisha-test/{_name}:one", image.Name);
        Assert.Null(image.Template);
        Assert.True(image.Size > 0);
        Assert.Contains(observer.Reports, report => report.Status.EndsWith("working", StringComparison.Ordinal) && report.Done == 3 && report.Total >= 3);
        await Failure.ExpectAsync(SandboxError.TemplateInvalid, () => house.Manager.Images.BuildAsync(_folder.Path, "x", null, noCache: false, observer, Limits.Token));
    }

    [Fact]
    public async Task A_file_of_the_template_that_cannot_be_sent_fails_by_name()
    {
        await using var house = await OpenAsync("COPY . /x\n");
        _folder.Write($"{_name}/.dockerignore", "[\n"); // no pattern
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Manager.CreateAsync(new SandboxOptions { Template = _name }, OperationObserver.None, Limits.Token));
        Assert.Equal(SandboxError.TemplateInvalid, failure.Error);
        Assert.Contains(".dockerignore", failure.Message, StringComparison.Ordinal);
    }
}
