using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>The real engine of this machine, and what tests need of it. Everything that they make bears the label <c>flourisha.sandbox=test</c>.</summary>
internal static class Engine
{
    public const string Category = "Engine";

    public static readonly KeyValuePair<string, string> Label = new("flourisha.sandbox", "test");

    private static readonly Lazy<Task<(DockerClient? Client, string Reason)>> s_client = new(ConnectAsync);

    public static Dictionary<string, string> Labels => new([Label]);

    public static string ImageName => Environment.GetEnvironmentVariable("FLOURISHA_TEST_IMAGE") is { Length: > 0 } image ? image : "flourisha-sandbox-base:bookworm";

    /// <summary>A client; the test is skipped where no engine answers.</summary>
    public static async Task<DockerClient> ClientAsync()
    {
        var (client, reason) = await s_client.Value;
        Assert.SkipWhen(client is null, reason);
        return client!;
    }

    /// <summary>The image to make containers of; the test is skipped where there is none.</summary>
    public static async Task<string> ImageAsync()
    {
        var client = await ClientAsync();
        Assert.SkipWhen(await client.Images.InspectAsync(ImageName, Limits.Token) is null,
            $"the image {ImageName} is not on the engine; make it with ./build.sh test or name another one in FLOURISHA_TEST_IMAGE");
        return ImageName;
    }

    public static string NewName() => "flourisha-test-" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>What idles until it is removed. Killing it takes no grace.</summary>
    public static async Task<ContainerCreateRequest> IdleRequestAsync() => new()
    {
        Image = await ImageAsync(),
        Cmd = ["sleep", "infinity"],
        Labels = Labels,
        HostConfig = new HostConfig { NetworkMode = "none", Init = true },
    };

    private static async Task<(DockerClient? Client, string Reason)> ConnectAsync()
    {
        try
        {
            var client = new DockerClient(DockerEndpoint.Resolve());
            await client.GetApiVersionAsync(Limits.Token);
            return (client, "");
        }
        catch (Exception exception) when (exception is DockerException or DockerUnreachableException or ArgumentException)
        {
            return (null, exception.Message);
        }
    }
}
