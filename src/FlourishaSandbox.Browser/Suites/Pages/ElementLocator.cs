using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>Finds what a selector means on a page.</summary>
internal static class ElementLocator
{
    /// <summary>Finds it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="selector">The selector, without variables.</param>
    /// <returns>The element or elements.</returns>
    /// <exception cref="CheckFailedException">The role is none.</exception>
    public static ILocator Locate(IPage page, ElementSelector selector)
    {
        var located = selector.By switch
        {
            "css" => page.Locator($"css={selector.Value}"),
            "text" => page.GetByText(selector.Value, new() { Exact = selector.Exact ?? false }),
            "label" => page.GetByLabel(selector.Value, new() { Exact = selector.Exact ?? false }),
            "testId" => page.GetByTestId(selector.Value),
            _ => page.GetByRole(
                ElementSelector.ParseRole(selector.Value) ?? throw new CheckFailedException($"'{Excerpt.Of(selector.Value)}' is no role."),
                new() { Name = selector.Name, Exact = selector.Exact ?? true }),
        };
        return selector.Nth is { } place ? located.Nth(place - 1) : located;
    }
}
