using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Opens an app or a URL in a page.</summary>
internal sealed class BrowserNavVerb : BrowserVerb
{
    private readonly Argument<string> _target = new("TARGET") { HelpName = "TARGET", Description = "The app's sandbox, by its name or id; a URL; or a path of the app that the page shows, such as /about." };
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The app's port in its sandbox. Default: the first one that it names.", HelpName = "PORT" };
    private readonly Option<string?> _path = new("--path") { Description = "The page: a path of the app. Default: /.", HelpName = "PATH" };
    private readonly Option<bool> _new = CommonOptions.Flag("--new", "Open a page of its own. So do the options that say what a page looks like.");
    private readonly Option<string?> _viewport = new("--viewport") { Description = "The size: phone, tablet, desktop, or as 390x844. Default: desktop.", HelpName = "SIZE", CompletionSources = { "phone", "tablet", "desktop" } };
    private readonly Option<string?> _device = new("--device") { Description = "A device as Playwright knows it, such as 'iPhone 13': its size, pixels, touch and name.", HelpName = "NAME" };
    private readonly Option<PageColorScheme?> _scheme = CommonOptions.Choice<PageColorScheme>("--color-scheme", "Whether its user likes it light or dark.");
    private readonly Option<string?> _locale = new("--locale") { Description = "The user's language, such as de-DE.", HelpName = "LANGUAGE" };
    private readonly Option<string[]?> _allowed = new("--allow-host") { Description = "A host that the page may reach beside the app, on ports 80 and 443: example.com, or *.example.com for all below; may be repeated.", HelpName = "HOST", Arity = ArgumentArity.OneOrMore };

    /// <summary>Creates the verb.</summary>
    public BrowserNavVerb()
        : base(
            "nav",
            "Opens an app or a URL in the page that was used last, or in one of its own where there is none, and prints the page's id.",
            "docker-sandbox browser nav $ID -p 8000",
            "docker-sandbox browser nav /about",
            "PAGE=$(docker-sandbox browser nav $ID -p 8000 --path /login --viewport phone)",
            "docker-sandbox browser nav https://example.com/ --new")
    {
        Add(_target);
        foreach (Option option in (Option[])[_port, _path, _new, _viewport, _device, _scheme, _locale, _allowed])
            Add(option);

        AddPageOptions();
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var page = session.Parse.GetRequiredValue(_target) is ['/', ..] path
            ? await FollowAsync(session, pages, path, cancellationToken)
            : await OpenAsync(session, pages, await ReadAsync(session, cancellationToken), cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(PageDocument.For(page), BrowserJson.Default.PageDocument);
            return ExitCodes.Success;
        }

        session.WriteLine(page.Id);
        session.Note(Printable.Line($"{(page.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status}  ") : "")}{page.Title}  {page.Url}"));
        return ExitCodes.Success;
    }

    private async Task<SandboxPage> FollowAsync(Session session, SandboxPages pages, string path, CancellationToken cancellationToken)
    {
        if (IsNew(session.Parse) || session.Parse.GetValue(_port) is not null || session.Parse.GetValue(_path) is not null)
            throw new SandboxException(SandboxError.InvalidOption, $"'{path}' is a path of the app that a page shows already.", path, "Name the app's sandbox, and give the path with --path.");

        var action = new PageAction { Kind = PageActionKind.Goto, Values = [path], Timeout = TimeoutOf(session) };
        return await pages.ActAsync(await FindPageAsync(session, pages, cancellationToken), action, session.Observer, cancellationToken);
    }

    private async Task<SandboxPage> OpenAsync(Session session, SandboxPages pages, PageOptions options, CancellationToken cancellationToken)
    {
        var given = GivenPage(session);
        if (given is not null && IsNew(session.Parse))
            throw new SandboxException(SandboxError.InvalidOption, "A page keeps the look that it was opened with.", given, "Leave --page out for a page of its own, or leave out --new and what it should look like.");

        var known = given is not null ? ToReference(given) : IsNew(session.Parse) ? null : (await pages.ListAsync(cancellationToken)).Select(page => new PageReference(page)).FirstOrDefault();
        return known is null
            ? await pages.OpenAsync(options, session.Observer, cancellationToken)
            : await pages.GotoAsync(known, options, session.Observer, cancellationToken);
    }

    private bool IsNew(ParseResult parse) =>
        parse.GetValue(_new) || parse.GetValue(_viewport) is not null || parse.GetValue(_device) is not null || parse.GetValue(_scheme) is not null || parse.GetValue(_locale) is not null;

    private async Task<PageOptions> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var (parse, target) = (session.Parse, session.Parse.GetRequiredValue(_target));
        var options = new PageOptions
        {
            Viewport = parse.GetValue(_viewport),
            Device = parse.GetValue(_device),
            ColorScheme = parse.GetValue(_scheme) ?? PageColorScheme.Light,
            Locale = parse.GetValue(_locale),
            AllowHosts = parse.GetValue(_allowed) ?? [],
            Timeout = TimeoutOf(session),
        };
        if (!target.Contains("://", StringComparison.Ordinal))
            return options with { Sandbox = await session.Manager.GetAsync(CommonOptions.ToReference(target), cancellationToken), Port = parse.GetValue(_port), Path = parse.GetValue(_path) ?? "/" };

        if (parse.GetValue(_port) is not null || parse.GetValue(_path) is not null)
            throw new SandboxException(SandboxError.InvalidOption, $"--port and --path go with a sandbox, and '{target}' is a URL.", target, "Write them into the URL.");

        return options with { Url = Uri.TryCreate(target, UriKind.Absolute, out var url) ? url : throw new SandboxException(SandboxError.InvalidOption, $"'{target}' is no URL.", target, "Give one such as http://localhost:8000/.") };
    }
}
