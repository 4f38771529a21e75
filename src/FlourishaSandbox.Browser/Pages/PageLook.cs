using System.Globalization;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>What a page takes its screen and its user for. Lost when nobody drives the page, and so kept with it.</summary>
internal sealed record PageLook
{
    /// <summary>CSS pixels.</summary>
    public required int Width { get; init; }

    /// <summary>CSS pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels of the screen for each CSS pixel.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether pages lay themselves out as on a phone.</summary>
    public bool IsMobile { get; init; }

    /// <summary>Whether there are fingers.</summary>
    public bool HasTouch { get; init; }

    /// <summary>What the browser calls itself; null for its own name.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The device's name; null for none.</summary>
    public string? Device { get; init; }

    /// <summary>The user's taste.</summary>
    public PageColorScheme ColorScheme { get; init; }

    /// <summary>The user's language; null for the browser's own.</summary>
    public string? Locale { get; init; }

    /// <summary>The size as it is written.</summary>
    public string Viewport => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    /// <summary>The look that is asked for.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="devices">What devices look like.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no such device.</exception>
    public static PageLook For(PageOptions options, IReadOnlyDictionary<string, BrowserNewContextOptions> devices)
    {
        var viewport = options.Viewport is null ? null : PageOptions.ReadViewport("Viewport", options.Viewport);
        if (options.Device is null)
        {
            viewport ??= SuiteViewport.Default;
            return new PageLook { Width = viewport.Width, Height = viewport.Height, IsMobile = viewport.IsTouch, HasTouch = viewport.IsTouch, ColorScheme = options.ColorScheme, Locale = options.Locale };
        }

        var name = devices.Keys.FirstOrDefault(known => known.Equals(options.Device, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(options.Device, devices.Keys);
        var device = devices[name];
        return new PageLook
        {
            Width = viewport?.Width ?? device.ViewportSize?.Width ?? SuiteViewport.Default.Width,
            Height = viewport?.Height ?? device.ViewportSize?.Height ?? SuiteViewport.Default.Height,
            Scale = device.DeviceScaleFactor ?? 1,
            IsMobile = device.IsMobile ?? false,
            HasTouch = device.HasTouch ?? false,
            UserAgent = device.UserAgent,
            Device = name,
            ColorScheme = options.ColorScheme,
            Locale = options.Locale,
        };
    }

    /// <summary>Gives a page this look, for as long as the session lasts.</summary>
    /// <param name="page">The page.</param>
    /// <param name="session">Speaks to it.</param>
    /// <param name="userAgent">The browser's own name.</param>
    public async Task ApplyAsync(IPage page, ICDPSession session, string userAgent)
    {
        // Playwright measures pictures by what it was told itself, and knows neither phones nor their pixels for a page that it did not make.
        await page.SetViewportSizeAsync(Width, Height).ConfigureAwait(false);
        await session.CallAsync("Emulation.setDeviceMetricsOverride", ("width", Width), ("height", Height), ("deviceScaleFactor", Scale), ("mobile", IsMobile), ("screenWidth", Width), ("screenHeight", Height)).ConfigureAwait(false);
        await session.CallAsync("Emulation.setTouchEmulationEnabled", ("enabled", HasTouch)).ConfigureAwait(false);
        if (UserAgent is not null || Locale is not null)
            await session.CallAsync("Emulation.setUserAgentOverride", ("userAgent", UserAgent ?? userAgent), ("acceptLanguage", Locale)).ConfigureAwait(false);

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme == PageColorScheme.Dark ? Microsoft.Playwright.ColorScheme.Dark : Microsoft.Playwright.ColorScheme.Light }).ConfigureAwait(false);
        if (Locale is null)
            return;

        try
        {
            await session.CallAsync("Emulation.setLocaleOverride", ("locale", Locale)).ConfigureAwait(false);
        }
        catch (PlaywrightException e) when (e.Message.Contains("already in effect", StringComparison.Ordinal))
        {
            // Another process has the page open too, and gave it the same one.
        }
    }

    private static SandboxException Unknown(string device, IEnumerable<string> known)
    {
        int Shared(string name) => name.Zip(device).TakeWhile(pair => char.ToLowerInvariant(pair.First) == char.ToLowerInvariant(pair.Second)).Count();
        var near = known.Where(name => Shared(name) >= 3).OrderByDescending(Shared).ThenBy(name => Math.Abs(name.Length - device.Length)).ThenByDescending(name => name, StringComparer.Ordinal).Take(10).ToList();
        return InvalidOption.Create("Device", Excerpt.Of(device), "is none that is known", near.Count > 0 ? $"Near it are {string.Join(", ", near)}." : "Give one such as iPhone 13, Pixel 7, iPad Mini or Galaxy S9+; or a viewport.");
    }
}
