using FlourishaSandbox.Browser.Suites.Steps;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>A page of the app under test, with what steps need beside it.</summary>
/// <param name="page">The page.</param>
/// <param name="app">The app's URL, as the browser reaches it.</param>
/// <param name="variables">The suite's variables.</param>
/// <param name="pictures">Keeps pictures.</param>
/// <param name="cancellationToken">Ends whatever a step waits for.</param>
internal sealed class StoryPage(IPage page, Uri app, SuiteVariables variables, PictureFolder pictures, CancellationToken cancellationToken)
{
    /// <summary>How often an expectation is looked at again.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <summary>The page.</summary>
    public IPage Page => page;

    /// <summary>The suite's variables.</summary>
    public SuiteVariables Variables => variables;

    /// <summary>Opens a path of the app.</summary>
    /// <param name="path">The path, with variables.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <returns>A task that ends when the page is loaded.</returns>
    /// <exception cref="CheckFailedException">It cannot be opened, or leads elsewhere.</exception>
    public async Task GotoAsync(string path, TimeSpan timeout)
    {
        var expanded = variables.Expand(path);
        if (!Reading.SuiteFields.IsPath(expanded))
            throw new CheckFailedException($"'{Excerpt.Of(expanded)}' is no path of the app.");

        try
        {
            var response = await page.GotoAsync(new Uri(app, expanded).ToString(), new() { Timeout = (float)timeout.TotalMilliseconds, WaitUntil = WaitUntilState.Load }).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (response is { Status: >= 400 })
                throw new CheckFailedException($"{Excerpt.Of(expanded)} answered with status {response.Status}{(response.StatusText.Length == 0 ? "" : $" ({Excerpt.Of(response.StatusText, 60)})")}.");
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException)
        {
            throw new CheckFailedException(e is System.TimeoutException ? $"{Excerpt.Of(expanded)} was not loaded within {Seconds(timeout)}." : $"{Excerpt.Of(expanded)} cannot be opened: {PlaywrightWords.Of(e)}", e);
        }
    }

    /// <summary>Does something with the one element that is meant, once it is there.</summary>
    /// <param name="selector">The element.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="action">What is done; gets what is left of the time, in milliseconds.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="CheckFailedException">It is not there, there are several, or it cannot be done.</exception>
    public Task ActAsync(ElementSelector selector, TimeSpan timeout, Func<ILocator, float, Task> action) => ActAsync(timeout, async limit =>
    {
        var element = Locate(selector);
        try
        {
            await element.First.WaitForAsync(new() { Timeout = limit, State = WaitForSelectorState.Attached }).ConfigureAwait(false);
        }
        catch (System.TimeoutException e)
        {
            throw new CheckFailedException($"There is no {selector}. {await PageSurvey.DescribeAsync(page, selector).ConfigureAwait(false)}", e);
        }

        if (selector.Nth is null && await element.CountAsync().ConfigureAwait(false) is > 1 and var count)
            throw new CheckFailedException($"{count} elements are {selector}, and one is meant. {await PageSurvey.DescribeMatchesAsync(element).ConfigureAwait(false)}");

        await action(element, limit).ConfigureAwait(false);
    });

    /// <summary>Does something, within a time.</summary>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="action">What is done; gets the time in milliseconds.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="CheckFailedException">It cannot be done, or takes too long.</exception>
    public async Task ActAsync(TimeSpan timeout, Func<float, Task> action)
    {
        try
        {
            // Beside Playwright's own limits: a script that loops is behind none of them. Ours comes second, so that its words are heard.
            await action((float)timeout.TotalMilliseconds).WaitAsync(timeout + TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        }
        catch (System.TimeoutException e)
        {
            throw new CheckFailedException($"It was not done within {Seconds(timeout)}.{PlaywrightWords.Hindrance(e)}", e);
        }
        catch (PlaywrightException e)
        {
            throw new CheckFailedException(PlaywrightWords.Of(e), e);
        }
    }

    /// <summary>Waits until the page is as expected.</summary>
    /// <param name="expectation">What is expected.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <returns>A task that ends when it is so.</returns>
    /// <exception cref="CheckFailedException">It is not so when the time is over; with what was there instead.</exception>
    public async Task ExpectAsync(PageExpectation expectation, TimeSpan timeout)
    {
        var probe = new ExpectationProbe(page, expectation, expectation.Of is null ? null : Locate(expectation.Of), variables);
        var limit = DateTime.UtcNow + timeout;
        string? problem = null;
        try
        {
            while (DateTime.UtcNow < limit || problem is null)
            {
                problem = await probe.LookAsync().WaitAsync(timeout + TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
                if (problem is null)
                    return;

                await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
            }

            if (probe.IsMissing)
                problem += " " + await PageSurvey.DescribeAsync(page, expectation.Of!).WaitAsync(timeout + TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        }
        catch (System.TimeoutException e)
        {
            throw new CheckFailedException($"The page did not say within {Seconds(timeout)} what is on it; a script of its may be looping.", e);
        }
        catch (PlaywrightException e)
        {
            throw new CheckFailedException(PlaywrightWords.Of(e), e);
        }

        throw new CheckFailedException(problem);
    }

    /// <summary>Takes a picture for the report.</summary>
    /// <param name="name">What it shows.</param>
    /// <param name="of">The element; null for the page.</param>
    /// <param name="fullPage">Whether the whole page is wanted.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <returns>A task that ends when it is on the disk.</returns>
    public async Task TakeAsync(string name, ElementSelector? of, bool fullPage, TimeSpan timeout)
    {
        byte[] picture = [];
        if (of is null)
            await ActAsync(timeout, async limit => picture = await PageCamera.TakeAsync(page, fullPage, mask: [], limit).ConfigureAwait(false)).ConfigureAwait(false);
        else
            await ActAsync(of, timeout, async (element, limit) => picture = await PageCamera.TakeAsync(element, mask: [], limit).ConfigureAwait(false)).ConfigureAwait(false);

        await pictures.SaveAsync(name, picture, isEvidence: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds what a selector means.</summary>
    /// <param name="selector">The selector, with variables.</param>
    /// <returns>The element or elements.</returns>
    /// <exception cref="CheckFailedException">A variable has no value, or the role is none.</exception>
    public ILocator Locate(ElementSelector selector) =>
        ElementLocator.Locate(page, selector with { Value = variables.Expand(selector.Value), Name = selector.Name is null ? null : variables.Expand(selector.Name) });

    internal static string Seconds(TimeSpan span) => span.TotalSeconds < 1 ? $"{span.TotalMilliseconds:0} ms" : $"{span.TotalSeconds:0.#} s";
}
