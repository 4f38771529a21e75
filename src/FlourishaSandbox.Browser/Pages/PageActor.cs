using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Does things with a page, as its user would.</summary>
/// <param name="open">The page.</param>
/// <param name="cancellationToken">Ends whatever is waited for.</param>
internal sealed class PageActor(OpenPage open, CancellationToken cancellationToken)
{
    /// <summary>Does something.</summary>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.ElementNotFound"/>: with what was there instead; <see cref="SandboxError.TimedOut"/>; <see cref="SandboxError.PageFailed"/>.
    /// </exception>
    public Task ActAsync(PageAction action) => action.Element is { } element
        ? WithAsync($"'{action}' on page {open.Id}", element, action.Timeout, isOne: true, action.Kind == PageActionKind.WaitForHidden, (found, limit) => ActAsync(action, found, limit))
        : WithinAsync($"'{action}' on page {open.Id}", action.Timeout, limit => ActAsync(action, limit));

    /// <summary>Does something with the elements that are meant, once they are there.</summary>
    /// <param name="what">What is done, as the beginning of a sentence.</param>
    /// <param name="element">The elements.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="isOne">Whether there must be no more than one.</param>
    /// <param name="canBeMissing">Whether there need be none.</param>
    /// <param name="action">What is done; gets the time in milliseconds.</param>
    /// <exception cref="SandboxException">As for <see cref="ActAsync(PageAction)"/>.</exception>
    public Task WithAsync(string what, PageElement element, TimeSpan timeout, bool isOne, bool canBeMissing, Func<ILocator, float, Task> action) => WithinAsync(what, timeout, async limit =>
    {
        var selector = element.ToSelector();
        var found = ElementLocator.Locate(open.Page, selector);
        if (!canBeMissing)
            await RequireAsync(found, selector, isOne, limit).ConfigureAwait(false);

        await action(found, limit).ConfigureAwait(false);
    });

    /// <summary>Does something, within a time, and gives failures a name.</summary>
    public async Task WithinAsync(string what, TimeSpan timeout, Func<float, Task> action)
    {
        open.Require();
        try
        {
            await CdpCalls.WithinAsync(what, open.Id, timeout, async limit =>
            {
                await action(limit).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error is SandboxError.PageFailed or SandboxError.TimedOut)
        {
            open.Require(); // it was closed meanwhile: that is the better reason
            throw;
        }
    }

    private async Task RequireAsync(ILocator found, ElementSelector selector, bool isOne, float limit)
    {
        try
        {
            await found.First.WaitForAsync(new() { Timeout = limit, State = WaitForSelectorState.Attached }).ConfigureAwait(false);
        }
        catch (System.TimeoutException e)
        {
            throw NotFound($"Page {open.Id} has no {selector}. {await PageSurvey.DescribeAsync(open.Page, selector).ConfigureAwait(false)}", e);
        }
        catch (PlaywrightException e) when (e.Message.Contains("selector", StringComparison.OrdinalIgnoreCase) && !CdpCalls.IsGone(e))
        {
            throw new SandboxException(SandboxError.InvalidOption, $"'{selector}' cannot be read as CSS: {PlaywrightWords.Of(e)}", selector.Value, "Write CSS such as '#save' or 'main > button'; or use -Text, -Role, -Label or -TestId.", e);
        }

        if (isOne && selector.Nth is null && await found.CountAsync().ConfigureAwait(false) is > 1 and var count)
            throw NotFound($"{count} elements of page {open.Id} are {selector}, and one is meant. {await PageSurvey.DescribeMatchesAsync(found).ConfigureAwait(false)}", null);
    }

    private SandboxException NotFound(string message, Exception? cause) => new(SandboxError.ElementNotFound, Excerpt.Of(message, 1500), open.Id, "What is there now is told by Get-SandboxPageContent Accessibility and 'docker-sandbox browser a11y'.", cause);

    private Task ActAsync(PageAction action, ILocator element, float limit) => action.Kind switch
    {
        PageActionKind.Click => element.ClickAsync(new() { Timeout = limit }),
        PageActionKind.Type => element.FillAsync(action.Values[0], new() { Timeout = limit }),
        PageActionKind.Press => element.PressAsync(action.Values[0], new() { Timeout = limit }),
        PageActionKind.Select => SelectAsync(action, element, limit),
        PageActionKind.Hover => element.HoverAsync(new() { Timeout = limit }),
        PageActionKind.Scroll => element.ScrollIntoViewIfNeededAsync(new() { Timeout = limit }),
        PageActionKind.WaitForHidden => element.First.WaitForAsync(new() { Timeout = limit, State = WaitForSelectorState.Hidden }),
        _ => element.WaitForAsync(new() { Timeout = limit, State = WaitForSelectorState.Visible }),
    };

    private Task ActAsync(PageAction action, float limit) => action.Kind switch
    {
        PageActionKind.Type => open.Page.Keyboard.TypeAsync(action.Values[0]),
        PageActionKind.Press => open.Page.Keyboard.PressAsync(action.Values[0]),
        PageActionKind.Scroll => open.Page.EvaluateAsync(action.ReadScroll()),
        PageActionKind.Reload => open.Page.ReloadAsync(new() { Timeout = limit }),
        _ => PageOpener.GotoAsync(open, ReadTarget(action.Values[0]), limit),
    };

    private Uri ReadTarget(string text)
    {
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw InvalidOption.Create("Value", Excerpt.Of(text), "is no URL", "Give one such as http://localhost:8000/.");

        PageOptions.RequirePath("Value", text);
        return new Uri(open.Record.Base, text);
    }

    // Playwright takes a text for the value or the words, but waits in silence for one that is not there.
    private async Task SelectAsync(PageAction action, ILocator element, float limit)
    {
        var options = await element.EvaluateAsync<string[]>("list => [...(list.options ?? [])].slice(0, 100).flatMap(option => [option.value, option.label.trim()]).map(text => text.slice(0, 100))").ConfigureAwait(false);
        if (options is { Length: > 0 and < 200 } && action.Values.FirstOrDefault(value => !options.Contains(value)) is { } missing)
            throw NotFound($"{action.Element} has no option {Excerpt.Quote(missing)}. It has {Excerpt.Of(string.Join(", ", options.Where((_, index) => index % 2 == 1)))}.", null);

        await element.SelectOptionAsync(action.Values, new() { Timeout = limit }).ConfigureAwait(false);
    }
}
