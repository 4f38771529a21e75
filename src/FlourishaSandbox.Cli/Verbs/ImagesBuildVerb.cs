using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Images;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Builds an image.</summary>
internal sealed class ImagesBuildVerb : Verb
{
    private readonly Argument<string> _source = new("TEMPLATE|FOLDER") { Description = "A template's name, or a folder with a Dockerfile, written with a '/' or as '.'.", CompletionSources = { Completions.Templates } };
    private readonly Option<string?> _name = new("--name", "-n") { Description = "The image's name. Default: the one under which init looks for a template of this content.", HelpName = "NAME" };
    private readonly Option<bool> _noCache = CommonOptions.Flag("--no-cache", "Run every step again.");

    /// <summary>Creates the verb.</summary>
    public ImagesBuildVerb()
        : base(
            "build",
            "Builds the image of a template or of a folder, and prints its name. init does so by itself where a template's image is missing.",
            "docker-sandbox images build fullstack",
            "docker-sandbox images build ./my-template --no-cache",
            "docker-sandbox init --image \"$(docker-sandbox images build . --name my-app:test)\"")
    {
        Add(_source);
        Add(_name);
        Add(_noCache);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var source = session.Parse.GetRequiredValue(_source);
        var template = IsFolder(source) ? null : session.Manager.Templates.Get(source);
        var image = await session.Manager.Images.BuildAsync(template?.Folder ?? source, session.Parse.GetValue(_name), template?.Name, session.Parse.GetValue(_noCache), session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(image, CliJson.Default.SandboxImage);
        else
            session.WriteLine(image.Name);

        return ExitCodes.Success;
    }

    // A name without a separator is a template's even where a folder of that name happens to be here: the same call means the same everywhere.
    private static bool IsFolder(string source) =>
        source is "." or ".." || source.Contains('/', StringComparison.Ordinal) || source.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
