using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>Says what is on a page in place of what was looked for, in a line.</summary>
internal static class PageSurvey
{
    private const int MostNamed = 8;

    // Runs in the page, so it looks at no more than 2,000 elements and gives back no more than some lines.
    private const string Survey = """
        ([by, value]) => {
            const cut = text => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, 40);
            const shown = element => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
            const all = [...document.querySelectorAll('body *')].slice(0, 2000);
            const implied = { a: 'link', button: 'button', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', input: 'textbox', textarea: 'textbox', select: 'combobox', li: 'listitem', ul: 'list', ol: 'list', img: 'img', nav: 'navigation', main: 'main', table: 'table', tr: 'row', td: 'cell', th: 'columnheader', form: 'form', output: 'status', article: 'article', dialog: 'dialog' };
            const kinds = { checkbox: 'checkbox', radio: 'radio', submit: 'button', button: 'button', reset: 'button', range: 'slider', number: 'spinbutton', search: 'searchbox' };
            const roleOf = element => element.getAttribute('role') ?? (element.tagName === 'INPUT' ? kinds[element.type] : null) ?? implied[element.tagName.toLowerCase()];
            const nameOf = element => cut(element.getAttribute('aria-label') || element.labels?.[0]?.innerText || element.getAttribute('alt') || element.innerText || element.value || element.getAttribute('placeholder'));
            const words = [];
            if (by === 'role') {
                const same = all.filter(element => roleOf(element) === value && shown(element));
                const pool = same.length ? same : all.filter(element => ['button', 'link', 'heading', 'textbox', 'checkbox', 'combobox'].includes(roleOf(element)) && shown(element));
                words.push(...pool.map(element => roleOf(element) + ' "' + nameOf(element) + '"'));
            } else if (by === 'label') {
                words.push(...[...document.querySelectorAll('label, [aria-label]')].slice(0, 200).map(element => '"' + cut(element.getAttribute('aria-label') || element.innerText) + '"'));
            } else if (by === 'testId') {
                words.push(...[...document.querySelectorAll('[data-testid]')].slice(0, 200).map(element => '"' + cut(element.getAttribute('data-testid')) + '"'));
            } else if (by === 'text') {
                words.push(...all.filter(element => element.children.length === 0 && shown(element) && cut(element.innerText)).map(element => '"' + cut(element.innerText) + '"'));
            } else {
                words.push(...all.filter(shown).filter(element => element.id || element.classList.length).map(element => element.tagName.toLowerCase() + (element.id ? '#' + cut(element.id) : '.' + cut(element.classList[0]))));
            }
            return [...new Set(words)].slice(0, 50);
        }
        """;

    private const string SurveyMatches = """
        elements => elements.slice(0, 5).map(element => element.tagName.toLowerCase() + (element.id ? '#' + element.id.slice(0, 40) : '') + ' "' + (element.innerText ?? '').replace(/\s+/g, ' ').trim().slice(0, 40) + '"')
        """;

    /// <summary>What there is of the kind that was looked for.</summary>
    /// <param name="page">The page.</param>
    /// <param name="selector">What was looked for.</param>
    /// <returns>A sentence.</returns>
    public static async Task<string> DescribeAsync(IPage page, ElementSelector selector)
    {
        try
        {
            var found = await page.EvaluateAsync<string[]>(Survey, new[] { selector.By, selector.Value }).WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
            return found is { Length: > 0 }
                ? $"There {(found.Length == 1 ? "is" : "are")} {string.Join(", ", found.Take(MostNamed).Select(word => Excerpt.Of(word, 60)))}{(found.Length > MostNamed ? ", …" : "")}."
                : "The page has nothing of that kind.";
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException)
        {
            // It only helps to understand the failure that is being told.
            return "What is there instead could not be found out.";
        }
    }

    /// <summary>The first of several elements that match.</summary>
    /// <param name="elements">The elements.</param>
    /// <returns>A sentence.</returns>
    public static async Task<string> DescribeMatchesAsync(ILocator elements)
    {
        try
        {
            var found = await elements.EvaluateAllAsync<string[]>(SurveyMatches).WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
            return $"They are {string.Join(", ", found.Select(word => Excerpt.Of(word, 80)))}. Narrow it down, or add nth.";
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException)
        {
            // It only helps to understand the failure that is being told.
            return "Narrow it down, or add nth.";
        }
    }
}
