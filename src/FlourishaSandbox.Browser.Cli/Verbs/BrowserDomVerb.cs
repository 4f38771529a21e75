using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Prints a page's HTML, or an attribute.</summary>
internal sealed class BrowserDomVerb : BrowserReadVerb
{
    private readonly Option<string?> _attribute = new("--attribute") { Description = "An attribute of the elements that are meant, in place of their HTML.", HelpName = "NAME" };

    /// <summary>Creates the verb.</summary>
    public BrowserDomVerb()
        : base(
            "dom",
            "Prints the HTML of a page as it is now, or of each element that is meant.",
            "docker-sandbox browser dom",
            "docker-sandbox browser dom '#history li'",
            "docker-sandbox browser dom a --attribute href") =>
        Add(_attribute);

    /// <inheritdoc/>
    protected override PageContentRequest Read(ParseResult parse) => new() { Kind = PageContentKind.Html, Attribute = parse.GetValue(_attribute) };
}
