using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Presses a key in a page.</summary>
internal sealed class BrowserPressVerb : BrowserActionVerb
{
    private readonly Argument<string> _key = new("KEY") { HelpName = "KEY", Description = "The key by its name in browsers: Enter, Tab, ArrowDown, a, Control+A." };

    /// <summary>Creates the verb.</summary>
    public BrowserPressVerb()
        : base(
            "press",
            "Presses a key, or several together, where the focus is or on an element.",
            "docker-sandbox browser press Enter",
            "docker-sandbox browser press Control+A --label Task")
    {
        Add(_key);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = PageActionKind.Press, Element = Element.Read(parse), Values = [parse.GetRequiredValue(_key)] };
}
