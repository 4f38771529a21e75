using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>A verb that saves what a page looks like.</summary>
internal abstract class BrowserPictureVerb : BrowserVerb
{
    private readonly Argument<string> _file;
    private readonly Option<bool> _force = CommonOptions.Flag("--force", "Replace a file that is there.", aliases: "-f");
    private readonly string _ending;

    /// <summary>Names a verb.</summary>
    /// <param name="ending">What its files end in.</param>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Calls for its help, the plainest first.</param>
    protected BrowserPictureVerb(string ending, string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        _ending = ending;
        _file = new("FILE") { HelpName = "FILE", Description = $"The file, which ends in {ending}." };
        Add(_file);
        Add(_force);
    }

    /// <summary>What picture it is.</summary>
    protected abstract PagePictureRequest Read(ParseResult parse, string path);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var file = session.Parse.GetRequiredValue(_file);
        if (!file.EndsWith(_ending, StringComparison.OrdinalIgnoreCase))
            throw new SandboxException(SandboxError.InvalidOption, $"FILE '{file}' does not end in {_ending}.", file, $"Give a name such as page{_ending}.");

        var request = Read(session.Parse, Path.GetFullPath(file)) with { Overwrite = session.Parse.GetValue(_force), Timeout = TimeoutOf(session) };
        var page = await FindPageAsync(session, pages, cancellationToken);
        var picture = await pages.SaveAsync(page, request, session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(new PictureDocument(page.Id, picture.Path, picture.Url.ToString(), picture.Status, picture.Title, picture.Length), BrowserJson.Default.PictureDocument);
        else
            session.Note(Printable.Line(string.Create(CultureInfo.InvariantCulture, $"Wrote {picture.Length} bytes to '{file}': {picture.Title}  {picture.Url}")));

        return ExitCodes.Success;
    }
}
