using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Prints what people get of a page who do not see it.</summary>
internal sealed class BrowserA11yVerb : BrowserReadVerb
{
    /// <summary>Creates the verb.</summary>
    public BrowserA11yVerb()
        : base(
            "a11y",
            "Prints what people get of a page who do not see it: roles and names, as an outline. The shortest way to find out what there is to click.",
            "docker-sandbox browser a11y",
            "docker-sandbox browser a11y main")
    {
    }

    /// <inheritdoc/>
    protected override PageContentRequest Read(ParseResult parse) => new() { Kind = PageContentKind.Accessibility };
}
