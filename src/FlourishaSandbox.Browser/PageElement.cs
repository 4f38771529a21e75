using System.Globalization;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser;

/// <summary>Which element of a page is meant.</summary>
public sealed record PageElement
{
    private const int LongestValue = 10_000;

    /// <summary>By what.</summary>
    public required PageElementBy By { get; init; }

    /// <summary>The CSS, words, role, label or test id.</summary>
    public required string Value { get; init; }

    /// <summary>What an element of a role is called; null for any. Upper and lower case count, and it must be the whole name.</summary>
    public string? Name { get; init; }

    /// <summary>Whether words and labels must be the whole text and not only be contained, in upper and lower case too.</summary>
    public bool Exact { get; init; }

    /// <summary>Which of several, from 1; null where there must be one.</summary>
    public int? Nth { get; init; }

    /// <summary>How messages name it.</summary>
    /// <returns>For example <c>button "5"</c> or <c>.display</c>.</returns>
    public override string ToString() => Excerpt.Of(ToSelector().ToString());

    /// <summary>Checks it before anything is asked of a page.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Value) || Value.Length > LongestValue)
            throw InvalidOption.Create(By.ToString(), Excerpt.Of(Value ?? ""), "names no element", $"Give from 1 to {LongestValue} characters.");

        if (By == PageElementBy.Role && !IsRole(Value))
            throw InvalidOption.Create("Role", Excerpt.Of(Value), "is no role", "Give one of WAI-ARIA's, such as button, link, textbox, checkbox, heading or listitem.");

        if (Name is not null && By != PageElementBy.Role)
            throw InvalidOption.Create("Name", Excerpt.Of(Name), "stands without a role", "A name goes with -Role, as in -Role button -Name Save; for words use -Text.");

        if (Nth is < 1)
            throw InvalidOption.Create("Nth", Nth.Value.ToString(CultureInfo.InvariantCulture), "is no place", "Places begin at 1.");
    }

    /// <summary>The same as suites have it.</summary>
    internal ElementSelector ToSelector() => new()
    {
        By = By switch { PageElementBy.Css => "css", PageElementBy.Text => "text", PageElementBy.Role => "role", PageElementBy.Label => "label", _ => "testId" },
        Value = By == PageElementBy.Role ? Value.ToLowerInvariant() : Value,
        Name = Name,
        Exact = By == PageElementBy.Role ? null : Exact,
        Nth = Nth,
    };

    // Not a number, which would name one too.
    private static bool IsRole(string text) => text.All(char.IsAsciiLetter) && Enum.TryParse<AriaRole>(text, ignoreCase: true, out _);
}
