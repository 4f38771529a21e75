using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Waits for an element of a page.</summary>
internal sealed class BrowserWaitVerb : BrowserActionVerb
{
    private readonly Argument<string?> _css = new("CSS") { HelpName = "CSS", Description = "The element by CSS; or use an option.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _hidden = CommonOptions.Flag("--hidden", "Wait until it can no longer be seen.");

    /// <summary>Creates the verb.</summary>
    public BrowserWaitVerb()
        : base(
            "wait",
            "Waits until an element of a page can be seen, or no longer (else exit code 124, or 3 where there is none).",
            "docker-sandbox browser wait --text 'Saved' --timeout 10s",
            "docker-sandbox browser wait '.spinner' --hidden")
    {
        Add(_css);
        Add(_hidden);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = parse.GetValue(_hidden) ? PageActionKind.WaitForHidden : PageActionKind.WaitFor, Element = Element.Read(parse, parse.GetValue(_css)) };
}
