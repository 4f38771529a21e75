using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Chooses options of a list in a page.</summary>
internal sealed class BrowserSelectVerb : BrowserActionVerb
{
    private readonly Argument<string[]> _options = new("OPTION") { HelpName = "OPTION", Description = "The options.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Creates the verb.</summary>
    public BrowserSelectVerb()
        : base(
            "select",
            "Chooses options of a list, by their words or values.",
            "docker-sandbox browser select Blue --label Colour",
            "docker-sandbox browser select de fr --css '#languages'")
    {
        Add(_options);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = PageActionKind.Select, Element = Element.Read(parse), Values = parse.GetRequiredValue(_options) };
}
