using System.Formats.Tar;
using System.Text;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

[Trait("Category", Engine.Category)]
public sealed class EngineImageTests
{
    [Fact]
    public async Task An_image_is_built_inspected_tagged_listed_and_removed()
    {
        var client = await Engine.ClientAsync();
        var name = Engine.NewName();
        using var folder = new TemporaryFolder();
        folder.Write("docker/Dockerfile.test", $"""
            FROM {await Engine.ImageAsync()} AS base
            ARG GREETING=none
            COPY . /context/
            RUN echo "$GREETING" > /greeting
            USER 65534
            ENV A=b
            WORKDIR /context
            EXPOSE 8080/tcp
            CMD ["cat", "/greeting"]
            FROM base AS second
            RUN false
            """);
        folder.Write("a file", "content");
        folder.Write("secret", "not sent");
        folder.Write(".dockerignore", "secret\n");
        var request = new ImageBuildRequest
        {
            Tags = [name + ":one", name + ":two"],
            Dockerfile = "docker/Dockerfile.test",
            BuildArgs = new() { ["GREETING"] = "hällo & \"wörld\"" },
            Labels = Engine.Labels,
            Target = "base",
        };
        try
        {
            var progress = await BuildAsync(client, request, folder.Path);
            var image = await client.Images.InspectAsync(name + ":one", Limits.Token);
            Assert.NotNull(image);
            Assert.Contains(progress, step => step.AuxId == image.Id);
            Assert.Contains(progress, step => step.Stream?.Contains("Step 1/", StringComparison.Ordinal) == true);
            Assert.Equal(("65534", "/context", "test"), (image.Config.User, image.Config.WorkingDir, image.Config.Labels[Engine.Label.Key]));
            Assert.Contains("A=b", image.Config.Env);
            Assert.Equal(["cat", "/greeting"], image.Config.Cmd);
            Assert.True(image.Config.ExposedPorts!.ContainsKey("8080/tcp"));
            Assert.Equal(("linux", true), (image.Os, image.Size > 0));

            await using (var container = await TestContainer.StartAsync(create => create with { Image = name + ":two" }))
            {
                Assert.Equal("hällo & \"wörld\"\n", await container.ReadAsync("cat", "/greeting"));
                Assert.Equal("/context/a file\n", await container.ReadAsync("sh", "-c", "ls -d /context/*file*; ls -d /context/secret 2>/dev/null; true"));
            }

            await client.Images.TagAsync(name + ":one", name, "three", Limits.Token);
            var listed = Assert.Single(await client.Images.ListAsync(new DockerFilters().Add("reference", name), Limits.Token));
            Assert.Equal(image.Id, listed.Id);
            Assert.Equal([name + ":one", name + ":three", name + ":two"], listed.RepoTags.Order(StringComparer.Ordinal));
            Assert.Equal("test", listed.Labels[Engine.Label.Key]);
        }
        finally
        {
            await RemoveAsync(client, name);
        }
        Assert.Null(await client.Images.InspectAsync(name + ":one", Limits.Token));
    }

    [Fact]
    public async Task A_step_that_fails_throws_the_engine_s_words_after_the_step_s_output()
    {
        var client = await Engine.ClientAsync();
        var name = Engine.NewName();
        using var folder = new TemporaryFolder();
        folder.Write("Dockerfile", $"FROM {await Engine.ImageAsync()}\nRUN echo on the way; false\n");
        var seen = new List<DockerProgress>();
        var exception = await Assert.ThrowsAsync<DockerException>(async () =>
        {
            await foreach (var progress in client.Images.BuildAsync(new ImageBuildRequest { Tags = [name], Labels = Engine.Labels },
                (stream, token) => BuildContext.WriteTarAsync(folder.Path, "Dockerfile", stream, token), Limits.Token))
                seen.Add(progress);
        });
        Assert.Contains("echo on the way; false", exception.Message, StringComparison.Ordinal);
        Assert.Contains("code: 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains(seen, progress => progress.Stream?.Trim() == "on the way");
        Assert.Null(await client.Images.InspectAsync(name, Limits.Token));
    }

    [Theory]
    [InlineData("FRUM x\n", "unknown instruction")]
    [InlineData("", "empty")]
    public async Task A_Dockerfile_that_is_none_throws_the_engine_s_words(string text, string words)
    {
        var client = await Engine.ClientAsync();
        using var folder = new TemporaryFolder();
        folder.Write("Dockerfile", text);
        var exception = await Assert.ThrowsAsync<DockerException>(() => BuildAsync(client, new ImageBuildRequest(), folder.Path));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_tag_is_refused_before_a_large_context_is_through()
    {
        var client = await Engine.ClientAsync();
        var exception = await Assert.ThrowsAsync<DockerException>(async () =>
        {
            await foreach (var _ in client.Images.BuildAsync(new ImageBuildRequest { Tags = ["NOT VALID"] }, async (stream, token) =>
            {
                while (true)
                    await stream.WriteAsync(new byte[1 << 20], token);
            }, Limits.Token))
            {
            }
        });
        Assert.Contains("invalid reference format", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_from_a_registry_that_is_not_there_throws_the_engine_s_words()
    {
        var client = await Engine.ClientAsync();
        var exception = await Assert.ThrowsAsync<DockerException>(async () => await client.Images.PullAsync("127.0.0.1:1/nothing", Limits.Token).ToListAsync(Limits.Token));
        Assert.Contains("127.0.0.1:1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_file_system_is_imported()
    {
        var client = await Engine.ClientAsync();
        var name = Engine.NewName();
        try
        {
            await client.Images.ImportAsync(name, "1", ["LABEL flourisha.sandbox=test", "ENV IMPORTED=yes"], async (stream, token) =>
            {
                await using var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(name)) }, token);
            }, Limits.Token);
            var image = await client.Images.InspectAsync(name + ":1", Limits.Token);
            Assert.Contains("IMPORTED=yes", image!.Config.Env);
        }
        finally
        {
            await RemoveAsync(client, name);
        }
    }

    [Fact]
    public async Task Removing_an_image_that_is_not_there_is_not_found()
    {
        var client = await Engine.ClientAsync();
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => client.Images.RemoveAsync("flourisha-test-nothing", force: true, Limits.Token))).IsNotFound);
    }

    private static async Task<List<DockerProgress>> BuildAsync(DockerClient client, ImageBuildRequest request, string folder) =>
        await client.Images.BuildAsync(request, (stream, token) => BuildContext.WriteTarAsync(folder, request.Dockerfile, stream, token), Limits.Token).ToListAsync(Limits.Token);

    private static async Task RemoveAsync(DockerClient client, string name)
    {
        foreach (var image in await client.Images.ListAsync(new DockerFilters().Add("reference", name), CancellationToken.None))
        {
            foreach (var tag in image.RepoTags.Where(tag => tag.StartsWith(name, StringComparison.Ordinal)))
                await client.Images.RemoveAsync(tag, force: true, CancellationToken.None);
        }
    }
}
