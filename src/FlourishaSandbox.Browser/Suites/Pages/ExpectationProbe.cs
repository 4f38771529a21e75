using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>Looks once whether a page is as expected.</summary>
/// <param name="page">The page.</param>
/// <param name="expectation">What is expected.</param>
/// <param name="element">The element that it is expected of; null for the page.</param>
/// <param name="variables">The suite's variables.</param>
internal sealed partial class ExpectationProbe(IPage page, PageExpectation expectation, ILocator? element, SuiteVariables variables)
{
    // Cut off in the page, which may hold more than this process has room for.
    private const string ReadText = "element => (element.innerText ?? element.textContent ?? '').slice(0, 100000)";
    private const string ReadValue = "element => String(element.value ?? element.textContent ?? '').slice(0, 100000)";
    private const string ReadAttribute = "(element, name) => element.getAttribute(name)?.slice(0, 100000) ?? null";

    // For an element that was there a moment ago. If it has gone meanwhile it is not waited for: the next look is another one.
    private static readonly LocatorEvaluateOptions s_now = new() { Timeout = 1000 };

    /// <summary>Whether the element was not there when it was last looked for.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>Looks.</summary>
    /// <returns>Null where all is as expected; else what is not, as a sentence.</returns>
    public async Task<string?> LookAsync()
    {
        IsMissing = false;
        if (Say("The page's URL", expectation.Url, () => new Uri(page.Url) is { IsAbsoluteUri: true } url ? url.PathAndQuery + url.Fragment : page.Url) is { } elsewhere)
            return elsewhere;

        if (expectation.Title is not null && Say("The page's title", expectation.Title, await page.TitleAsync().ConfigureAwait(false)) is { } title)
            return title;

        if (element is null)
            return expectation.Text is null ? null : Say("The page's text", expectation.Text, Plain(await page.Locator("css=body").EvaluateAsync<string>(ReadText).ConfigureAwait(false)));

        var count = await element.CountAsync().ConfigureAwait(false);
        if (expectation.Count?.Explain(exists: true, JsonValue.Create(count), variables) is { } number)
            return $"The number of {expectation.Of} {number}.";

        try
        {
            return await LookAtVisibilityAsync(count).ConfigureAwait(false) ?? await LookAtElementAsync(count).ConfigureAwait(false);
        }
        catch (System.TimeoutException)
        {
            return $"{expectation.Of} went while it was looked at.";
        }
    }

    private async Task<string?> LookAtVisibilityAsync(int count)
    {
        if (expectation.IsVisible == true)
        {
            if (count == 0)
                return Missing();

            for (var i = 0; i < Math.Min(count, 50); i++)
            {
                if (await element!.Nth(i).IsVisibleAsync().ConfigureAwait(false))
                    return null;
            }

            return $"There is {expectation.Of}, but it cannot be seen.";
        }

        if (expectation.IsVisible == false)
        {
            for (var i = 0; i < Math.Min(count, 50); i++)
            {
                if (await element!.Nth(i).IsVisibleAsync().ConfigureAwait(false))
                    return $"{expectation.Of} can be seen, which it should not: {Excerpt.Quote(Plain(await element.Nth(i).EvaluateAsync<string>(ReadText, options: s_now).ConfigureAwait(false)))}.";
            }
        }

        return null;
    }

    private async Task<string?> LookAtElementAsync(int count)
    {
        if (expectation is { Text: null, Value: null, Attributes.Count: 0 })
            return null;

        if (count == 0)
            return Missing();

        if (count > 1)
            return $"{count} elements are {expectation.Of}, and one is meant. {await PageSurvey.DescribeMatchesAsync(element!).ConfigureAwait(false)}";

        // The only one, by its place: another may come while it is read.
        var one = element!.First;
        if (expectation.Text is not null && Say($"The text of {expectation.Of}", expectation.Text, Plain(await one.EvaluateAsync<string>(ReadText, options: s_now).ConfigureAwait(false))) is { } text)
            return text;

        if (expectation.Value is not null && Say($"The value of {expectation.Of}", expectation.Value, await one.EvaluateAsync<string>(ReadValue, options: s_now).ConfigureAwait(false)) is { } value)
            return value;

        foreach (var (name, matcher) in expectation.Attributes)
        {
            var attribute = await one.EvaluateAsync<string?>(ReadAttribute, name, s_now).ConfigureAwait(false);
            if (matcher.Explain(attribute is not null, attribute is null ? null : JsonValue.Create(attribute), variables) is { } problem)
                return $"The attribute {Excerpt.Of(name, 60)} of {expectation.Of} {problem}.";
        }

        return null;
    }

    private string Missing()
    {
        IsMissing = true;
        return $"There is no {expectation.Of}.";
    }

    private string? Say(string what, ValueMatcher? matcher, Func<string> read) => matcher is null ? null : Say(what, matcher, read());

    private string? Say(string what, ValueMatcher matcher, string actual) => matcher.Explain(exists: true, JsonValue.Create(actual), variables) is { } problem ? $"{what} {problem}." : null;

    private static string Plain(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
