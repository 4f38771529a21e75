using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Reads what is on a page. It is cut off in the page, which may hold more than this process has room for.</summary>
/// <param name="open">The page.</param>
/// <param name="cancellationToken">Ends whatever is waited for.</param>
internal sealed class PageReader(OpenPage open, CancellationToken cancellationToken)
{
    private const int LongestText = 1 << 20;
    private const int MostElements = 1000;
    private const int MostText = 8 << 20;

    // One more than is wanted tells that something is missing.
    private const string Read = """
        (elements, [kind, attribute, each, all]) => {
            const texts = [];
            let left = all;
            for (const element of elements.slice(0, 1001)) {
                const text = kind === 'Attribute' ? element.getAttribute(attribute)
                    : kind === 'Html' ? element.outerHTML
                    : kind === 'Value' ? String(element.type === 'checkbox' || element.type === 'radio' ? element.checked : element.value ?? element.textContent ?? '')
                    : element.innerText ?? element.textContent ?? '';
                if (text === null)
                    continue;
                const cut = String(text).slice(0, Math.max(0, Math.min(each + 1, left + 1)));
                left -= cut.length;
                texts.push(cut);
                if (left < 0)
                    break;
            }
            return texts;
        }
        """;

    /// <summary>Reads.</summary>
    /// <exception cref="SandboxException">As for <see cref="PageActor.ActAsync(PageAction)"/>.</exception>
    public async Task<PageContent> ReadAsync(PageContentRequest request)
    {
        var actor = new PageActor(open, cancellationToken);
        IReadOnlyList<string> texts = [];
        var what = $"Reading page {open.Id}";
        async Task ReadOneAsync(ILocator elements, float limit) => texts = request.Attribute is null && request.Kind == PageContentKind.Accessibility
            ? await OutlineAsync(elements, limit).ConfigureAwait(false)
            : await elements.EvaluateAllAsync<string[]>(Read, new object[] { request.Attribute is null ? request.Kind.ToString() : "Attribute", request.Attribute ?? "", LongestText, MostText }).ConfigureAwait(false) ?? [];

        if (request.Element is { } element)
            await actor.WithAsync(what, element, request.Timeout, isOne: false, canBeMissing: false, ReadOneAsync).ConfigureAwait(false);
        else
            await actor.WithinAsync(what, request.Timeout, limit => ReadOneAsync(open.Page.Locator(request.Kind == PageContentKind.Html ? "css=html" : "css=body"), limit)).ConfigureAwait(false);

        var isCut = texts.Count > MostElements || texts.Any(text => text.Length > LongestText) || texts.Sum(text => (long)text.Length) > MostText;
        return new PageContent([.. texts.Take(MostElements).Select(text => text.Length > LongestText ? text[..LongestText] : text)], isCut);
    }

    private static async Task<IReadOnlyList<string>> OutlineAsync(ILocator elements, float limit)
    {
        var outlines = new List<string>();
        var left = (long)MostText;
        for (var i = 0; i < Math.Min(await elements.CountAsync().ConfigureAwait(false), 100) && left > 0; i++)
        {
            var outline = await elements.Nth(i).AriaSnapshotAsync(new() { Timeout = limit }).ConfigureAwait(false);
            left -= outline.Length;
            outlines.Add(outline);
        }

        return outlines;
    }
}
