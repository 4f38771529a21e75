using System.Text.RegularExpressions;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>Which page is to be opened, and how it looks at itself.</summary>
public sealed partial record PageOptions
{
    /// <summary>How long opening, and anything done with a page, may take where nothing is said: 30 s.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The app's sandbox, running; null where <see cref="Url"/> is given.</summary>
    public Sandbox? Sandbox { get; init; }

    /// <summary>The app's port in its sandbox, 1 to 65535; null for the first that it names.</summary>
    public int? Port { get; init; }

    /// <summary>The page: a path of the app, such as <c>/about</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The page, by http or https; null where <see cref="Sandbox"/> is given.</summary>
    public Uri? Url { get; init; }

    /// <summary><c>phone</c>, <c>tablet</c>, <c>desktop</c>, or a size from 100x100 to 4000x4000 such as <c>390x844</c>; null for the device's, else <c>desktop</c>.</summary>
    public string? Viewport { get; init; }

    /// <summary>A device as Playwright knows it, such as <c>iPhone 13</c>: size, pixels, touch and name; null for none.</summary>
    public string? Device { get; init; }

    /// <summary>What the page is told of its user's taste.</summary>
    public PageColorScheme ColorScheme { get; init; }

    /// <summary>The user's language, such as <c>de-DE</c>; null for the browser's own.</summary>
    public string? Locale { get; init; }

    /// <summary>Where the browser runs.</summary>
    public BrowserKind Browser { get; init; }

    /// <summary>Hosts that the page may reach beside the app, on ports 80 and 443: <c>example.com</c>, or <c>*.example.com</c> for all below. Only with a browser in a sandbox; one on this machine reaches everything.</summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary>How long opening may take, longer than nothing.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Checks it before anything is made.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    internal void Validate()
    {
        RequireTime(Timeout);
        if (Url is not null && (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https") || Url.UserInfo.Length > 0))
            throw InvalidOption.Create("Url", Excerpt.Of(Url.ToString()), "cannot be opened", "Give a URL that begins with http:// or https://, without a name and a password.");

        if ((Url is null) == (Sandbox is null))
            throw InvalidOption.Create("Url", Excerpt.Of(Url?.ToString() ?? ""), Url is null ? "is empty, and no sandbox is named" : "is given beside a sandbox", "Give a sandbox and its port, or a URL.");

        if (Port is < 1 or > 65535)
            throw InvalidOption.Create("Port", Port, "is no port", "Give a number from 1 to 65535.");

        RequirePath("Path", Path);
        if (Viewport is not null)
            _ = ReadViewport("Viewport", Viewport);

        if (Locale is not null && !LocaleForm().IsMatch(Locale))
            throw InvalidOption.Create("Locale", Excerpt.Of(Locale), "is no language", "Give one such as de-DE, fr or zh-Hant-TW.");

        if (AllowHosts.Count > 0 && Browser == BrowserKind.Host)
            throw InvalidOption.Create("AllowHost", Excerpt.Of(string.Join(", ", AllowHosts)), "goes with a browser in a sandbox", "Leave it out: a browser on this machine reaches whatever this machine reaches.");

        foreach (var host in AllowHosts)
            _ = HostPattern.Parse("AllowHost", host);
    }

    /// <summary>Requires a path of an app.</summary>
    internal static void RequirePath(string option, string path)
    {
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal) || path.Length > 8192)
            throw InvalidOption.Create(option, Excerpt.Of(path), "is no path of the app", "Give one that begins with '/', for example /about.");
    }

    /// <summary>Requires time for something.</summary>
    internal static void RequireTime(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1))
            throw InvalidOption.Create("Timeout", timeout, "is no time to wait for a page", "Give a span above zero and up to a day, such as 30 or 1m.");
    }

    /// <summary>Reads a viewport.</summary>
    internal static SuiteViewport ReadViewport(string option, string text) =>
        SuiteViewport.Known.FirstOrDefault(known => known.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? SuiteViewport.Parse(text, text)
            ?? throw InvalidOption.Create(option, Excerpt.Of(text), "is no viewport", "Give phone, tablet, desktop, or a size from 100x100 to 4000x4000 such as 390x844.");

    [GeneratedRegex(@"\A[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}\z")]
    private static partial Regex LocaleForm();
}
