using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Moves the pointer over an element of a page.</summary>
internal sealed class BrowserHoverVerb : BrowserActionVerb
{
    private readonly Argument<string?> _css = new("CSS") { HelpName = "CSS", Description = "The element by CSS; or use an option.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the verb.</summary>
    public BrowserHoverVerb()
        : base(
            "hover",
            "Moves the pointer over an element of a page.",
            "docker-sandbox browser hover '#menu'",
            "docker-sandbox browser hover --role link --name Products")
    {
        Add(_css);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = PageActionKind.Hover, Element = Element.Read(parse, parse.GetValue(_css)) };
}
