using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>The options by which an element of a page is meant.</summary>
internal sealed class ElementOptions
{
    private readonly Option<string?> _css = Word("--css", "The element by CSS, for example '#save'.", "CSS");
    private readonly Option<string?> _text = Word("--text", "By words that can be seen, or a part of them.", "WORDS");
    private readonly Option<string?> _role = Word("--role", "By its role, for example button; say which with --name.", "ROLE");
    private readonly Option<string?> _name = Word("--name", "What an element of that role is called: the whole name.", "NAME");
    private readonly Option<string?> _label = Word("--label", "By the words beside a field, or a part of them.", "WORDS");
    private readonly Option<string?> _testId = Word("--test-id", "By its attribute data-testid.", "ID");
    private readonly Option<bool> _exact = CommonOptions.Flag("--exact", "Take words and labels for the whole text, in upper and lower case too.");
    private readonly Option<int?> _nth = CommonOptions.Count("--nth", "Which of several, from 1.");

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_css, _text, _role, _name, _label, _testId, _exact, _nth])
            verb.Add(option);
    }

    /// <summary>The element that is meant; null for none.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="css">CSS that was given as a word of its own; null for none.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: two ways at once, or a name without a role.</exception>
    public PageElement? Read(ParseResult parse, string? css = null)
    {
        var ways = new[] { (PageElementBy.Css, css), (PageElementBy.Css, parse.GetValue(_css)), (PageElementBy.Text, parse.GetValue(_text)), (PageElementBy.Role, parse.GetValue(_role)), (PageElementBy.Label, parse.GetValue(_label)), (PageElementBy.TestId, parse.GetValue(_testId)) }.Where(way => way.Item2 is not null).ToList();
        var (name, exact, nth) = (parse.GetValue(_name), parse.GetValue(_exact), parse.GetValue(_nth));
        if (ways.Count > 1 || (ways.Count == 0 && (name is not null || nth is not null || exact)))
            throw new SandboxException(SandboxError.InvalidOption, ways.Count > 1 ? "An element is meant in two ways." : "An element is meant by nothing.", remedy: "Give one of CSS, --text, --role with --name, --label and --test-id.");

        return ways.Count == 0 ? null : new PageElement { By = ways[0].Item1, Value = ways[0].Item2!, Name = name, Exact = exact, Nth = nth };
    }

    private static Option<string?> Word(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
