using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists images.</summary>
internal sealed class ImagesListVerb() : Verb(
    "list",
    "Lists the images that were built here.",
    "docker-sandbox images list",
    "docker-sandbox images list --json | jq -r '.[].name'")
{
    private const int ShortIdLength = 12;

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var images = await session.Manager.Images.ListAsync(cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(images, CliJson.Default.IReadOnlyListSandboxImage);
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.UtcNow;
        var table = new Table("NAME", "TEMPLATE", "ID", ">SIZE", ">AGE");
        foreach (var image in images)
        {
            var id = image.Id[(image.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
            table.Add(image.Name, image.Template ?? "", id[..Math.Min(id.Length, ShortIdLength)], Sizes.Format(image.Size), Duration.Describe(now - image.CreatedAt));
        }

        session.WriteTable(table, "No image was built here yet.");
        return ExitCodes.Success;
    }
}
