namespace FlourishaSandbox.Browser;

/// <summary>A page that is open in a browser, as it was when it was looked at. What the page itself says is hostile, and is kept to a line.</summary>
public sealed record SandboxPage
{
    /// <summary>By which it is found again: 8 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The URL that it shows. At most 200 characters.</summary>
    public required string Url { get; init; }

    /// <summary>Its title. At most 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The status that it answered with when it was opened last; null where nobody heard it.</summary>
    public int? Status { get; init; }

    /// <summary>Its size in CSS pixels, such as <c>390x844</c>.</summary>
    public required string Viewport { get; init; }

    /// <summary>The device that it takes itself for; null for none.</summary>
    public string? Device { get; init; }

    /// <summary>What it is told of its user's taste.</summary>
    public PageColorScheme ColorScheme { get; init; }

    /// <summary>Its user's language; null for the browser's own.</summary>
    public string? Locale { get; init; }

    /// <summary>Where its browser runs.</summary>
    public BrowserKind Browser { get; init; }

    /// <summary>The name of the app's sandbox; null where it was opened by a URL.</summary>
    public string? App { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset Opened { get; init; }

    /// <summary>The id.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
