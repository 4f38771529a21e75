using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Images;

public sealed class TemplateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Template Load(string? declaration, string name = "mine")
    {
        _folder.Write($"{name}/Dockerfile", "FROM scratch");
        if (declaration is not null)
            _folder.Write($"{name}/template.json", declaration);
        return Template.Load(_folder[name]);
    }

    [Fact]
    public void Without_a_declaration_everything_is_the_Dockerfile_s_choice()
    {
        var template = Load(declaration: null);
        Assert.Equal(("mine", "", null, null), (template.Name, template.Description, template.User, template.WorkingDirectory));
        Assert.Empty(template.Ports);
        Assert.Empty(template.Capabilities);
    }

    [Fact]
    public void A_declaration_is_read_with_comments_and_trailing_commas()
    {
        var template = Load("""
            {
              // what it is for
              "description": "Mine", "ports": [8000, 3000,], "user": "coder", "workingDirectory": "/w",
              "capabilities": ["NET_BIND_SERVICE"], "environment": { "A": "b" }, "sharedMemory": "1GiB",
            }
            """);
        Assert.Equal(("Mine", "coder", "/w"), (template.Description, template.User, template.WorkingDirectory));
        Assert.Equal([8000, 3000], template.Ports);
        Assert.Equal(["NET_BIND_SERVICE"], template.Capabilities);
        Assert.Equal("b", template.Environment["A"]);
        Assert.Equal(1L << 30, template.SharedMemory);
    }

    [Theory]
    [InlineData("{ \"port\": [8000] }")] // a misspelt key would be a port silently missing
    [InlineData("{ \"Ports\": [8000] }")]
    [InlineData("{ \"ports\": 8000 }")]
    [InlineData("{ \"ports\": [\"8000\"] }")]
    [InlineData("{ \"ports\": [0] }")]
    [InlineData("{ \"ports\": [65536] }")]
    [InlineData("{ \"ports\": [null] }")]
    [InlineData("{ \"user\": \"a b\" }")]
    [InlineData("{ \"workingDirectory\": \"w\" }")]
    [InlineData("{ \"capabilities\": [\"CAP-X\"] }")]
    [InlineData("{ \"capabilities\": [\"net_admin\"] }")]
    [InlineData("{ \"capabilities\": [null] }")]
    [InlineData("{ \"capabilities\": [\"\"] }")]
    [InlineData("{ \"environment\": { \"A=\": \"b\" } }")]
    [InlineData("{ \"sharedMemory\": \"much\" }")]
    [InlineData("{ \"sharedMemory\": \"1KB\" }")]
    [InlineData("{ \"sharedMemory\": 1073741824 }")]
    [InlineData("{ \"environment\": { \"A\": null } }")]
    [InlineData("{ \"environment\": { \"A\": 1 } }")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    public void A_declaration_that_cannot_be_used_is_refused_with_its_folder(string declaration)
    {
        var failure = Failure.Expect(SandboxError.TemplateInvalid, () => Load(declaration));
        Assert.Contains(_folder["mine"], failure.Message, StringComparison.Ordinal);
        Assert.Contains("template.json", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("with space")]
    [InlineData("-dash")]
    [InlineData("ümlaut")]
    public void A_folder_s_name_has_to_name_an_image_too(string name) => Failure.Expect(SandboxError.TemplateInvalid, () => Load(declaration: null, name));

    [Fact]
    public void A_folder_without_a_Dockerfile_is_no_template()
    {
        _folder.Write("mine/template.json", "{}");
        Assert.Contains("no Dockerfile", Failure.Expect(SandboxError.TemplateInvalid, () => Template.Load(_folder["mine"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Earlier_folders_win_and_what_cannot_be_read_is_left_out()
    {
        _folder.Write("own/web/Dockerfile", "FROM own");
        _folder.Write("own/broken/Dockerfile", "FROM x");
        _folder.Write("own/broken/template.json", "{");
        _folder.Write("own/empty/readme", "");
        _folder.Write("product/web/Dockerfile", "FROM product");
        _folder.Write("product/base/Dockerfile", "FROM product");
        var catalog = new TemplateCatalog([_folder["nosuch"], _folder["own"], _folder["product"]]);
        Assert.Equal(["base", "web"], catalog.List().Select(template => template.Name));
        Assert.Equal(_folder["own/web"], catalog.Get("web").Folder);
        Failure.Expect(SandboxError.TemplateInvalid, () => catalog.Get("broken"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("web/../../outside")]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(@"..\outside")]
    [InlineData("web\0")]
    [InlineData("nosuch")]
    public void A_name_is_no_path(string name)
    {
        _folder.Write("templates/web/Dockerfile", "FROM x");
        _folder.Write("outside/Dockerfile", "FROM x");
        var failure = Failure.Expect(SandboxError.TemplateNotFound, () => new TemplateCatalog([_folder["templates"]]).Get(name));
        Assert.Contains("web", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_templates_that_ship_are_in_order()
    {
        var templates = new TemplateCatalog([Repository.Templates]).List().ToDictionary(template => template.Name);
        Assert.Equal(["browser", "fullstack", "minimal", "react"], templates.Keys.Order());
        Assert.Equal(("coder", "/workspace"), (templates["fullstack"].User, templates["fullstack"].WorkingDirectory));
        Assert.Equal([8000, 5173, 3000], templates["fullstack"].Ports);
        Assert.Equal([5173], templates["react"].Ports);
        // With the 64 MiB that the engine gives, Chromium's pages crash.
        Assert.Equal(1L << 30, templates["browser"].SharedMemory);
        Assert.All(templates.Values, template => Assert.Empty(template.Capabilities));
    }
}
