using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>A cmdlet that works on pages, and by whose parameters an element of them is meant.</summary>
public abstract class PageElementCmdlet : FanOutCmdlet
{
    /// <summary>A CSS selector, such as <c>#save</c> or <c>main &gt; button</c>.</summary>
    [Parameter(HelpMessage = "The element by CSS, for example '#save'.")]
    [ValidateNotNullOrEmpty]
    public string? Css { get; set; }

    /// <summary>Words that can be seen, or a part of them.</summary>
    [Parameter(HelpMessage = "The element by words that can be seen.")]
    [ValidateNotNullOrEmpty]
    public string? Text { get; set; }

    /// <summary>What it is to people who do not see it: button, link, textbox, heading and so on.</summary>
    [Parameter(HelpMessage = "The element by its role, for example button; say which with -Name.")]
    [ArgumentCompleter(typeof(RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Role { get; set; }

    /// <summary>What an element of that role is called: the whole name.</summary>
    [Parameter(HelpMessage = "What an element of that role is called.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The words beside a field, or a part of them.</summary>
    [Parameter(HelpMessage = "The field by the words beside it.")]
    [ValidateNotNullOrEmpty]
    public string? Label { get; set; }

    /// <summary>The attribute data-testid.</summary>
    [Parameter(HelpMessage = "The element by its attribute data-testid.")]
    [ValidateNotNullOrEmpty]
    public string? TestId { get; set; }

    /// <summary>Takes words and labels for the whole text, in upper and lower case too.</summary>
    [Parameter(HelpMessage = "Takes words and labels for the whole text.")]
    public SwitchParameter Exact { get; set; }

    /// <summary>Which of several, from 1.</summary>
    [Parameter(HelpMessage = "Which of several, from 1.")]
    [ValidateRange(1, int.MaxValue)]
    public int? Nth { get; set; }

    /// <summary>How long it may take; 30 seconds where nothing is said.</summary>
    [Parameter(HelpMessage = "How long it may take: seconds, 1m or 00:00:30.")]
    [Duration]
    public TimeSpan Timeout { get; set; } = PageOptions.DefaultTimeout;

    /// <summary>The pages.</summary>
    private protected SandboxPages Pages => PageSession.For(Manager);

    /// <summary>The element that is meant; null for none.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: two ways at once, or a name without a role.</exception>
    private protected PageElement? ReadElement()
    {
        var ways = new[] { (PageElementBy.Css, Css), (PageElementBy.Text, Text), (PageElementBy.Role, Role), (PageElementBy.Label, Label), (PageElementBy.TestId, TestId) }.Where(way => way.Item2 is not null).ToList();
        if (ways.Count > 1 || (ways.Count == 0 && (Name is not null || Nth is not null || Exact)))
            throw new SandboxException(SandboxError.InvalidOption, ways.Count > 1 ? $"An element is meant by {string.Join(" and ", ways.Select(way => $"-{way.Item1}"))}." : "An element is meant by nothing.", remedy: "Give one of -Css, -Text, -Role with -Name, -Label and -TestId.");

        return ways.Count == 0 ? null : new PageElement { By = ways[0].Item1, Value = ways[0].Item2!, Name = Name, Exact = Exact, Nth = Nth };
    }
}
