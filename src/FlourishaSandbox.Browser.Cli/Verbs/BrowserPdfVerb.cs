using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Prints a page.</summary>
internal sealed class BrowserPdfVerb : BrowserPictureVerb
{
    /// <summary>Creates the verb.</summary>
    public BrowserPdfVerb()
        : base(
            ".pdf",
            "pdf",
            "Prints a page to a PDF.",
            "docker-sandbox browser pdf page.pdf") =>
        AddPageOptions();

    /// <inheritdoc/>
    protected override PagePictureRequest Read(ParseResult parse, string path) => new() { Path = path };
}
