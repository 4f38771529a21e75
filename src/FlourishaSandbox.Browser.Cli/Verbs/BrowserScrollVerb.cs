using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Scrolls a page.</summary>
internal sealed class BrowserScrollVerb : BrowserActionVerb
{
    private readonly Argument<string?> _where = new("WHERE") { HelpName = "WHERE", Description = "top, bottom, or pixels downwards.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the verb.</summary>
    public BrowserScrollVerb()
        : base(
            "scroll",
            "Scrolls a page: to its top or bottom, by pixels, or to an element.",
            "docker-sandbox browser scroll bottom",
            "docker-sandbox browser scroll -- -500",
            "docker-sandbox browser scroll --role heading --name Prices")
    {
        Add(_where);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = PageActionKind.Scroll, Element = Element.Read(parse), Values = parse.GetValue(_where) is { } where ? [where] : [] };
}
