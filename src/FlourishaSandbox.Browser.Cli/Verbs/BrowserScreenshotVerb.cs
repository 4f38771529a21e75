using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Saves a picture of a page.</summary>
internal sealed class BrowserScreenshotVerb : BrowserPictureVerb
{
    private readonly Option<bool> _full = CommonOptions.Flag("--full-page", "Take the whole page, up to 8,000 pixels.");
    private readonly ElementOptions _element = new();

    /// <summary>Creates the verb.</summary>
    public BrowserScreenshotVerb()
        : base(
            ".png",
            "screenshot",
            "Saves a picture of what can be seen of a page, of the whole page, or of an element.",
            "docker-sandbox browser screenshot page.png",
            "docker-sandbox browser screenshot page.png --full-page --force",
            "docker-sandbox browser screenshot history.png --test-id history")
    {
        Add(_full);
        _element.AddTo(this);
        AddPageOptions();
    }

    /// <inheritdoc/>
    protected override PagePictureRequest Read(ParseResult parse, string path) => new() { Path = path, FullPage = parse.GetValue(_full), Element = _element.Read(parse) };
}
