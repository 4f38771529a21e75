using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Prints the words on a page.</summary>
internal sealed class BrowserTextVerb : BrowserReadVerb
{
    private readonly Option<bool> _value = CommonOptions.Flag("--value", "What is in fields, in place of the words.");

    /// <summary>Creates the verb.</summary>
    public BrowserTextVerb()
        : base(
            "text",
            "Prints the words that can be seen on a page, or in each element that is meant.",
            "docker-sandbox browser text",
            "docker-sandbox browser text '.display'",
            "docker-sandbox browser text --label Task --value") =>
        Add(_value);

    /// <inheritdoc/>
    protected override PageContentRequest Read(ParseResult parse) => new() { Kind = parse.GetValue(_value) ? PageContentKind.Value : PageContentKind.Text };
}
