using FlourishaSandbox.Browser.Driving;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>What has to be known of a page in a browser's sandbox by whoever takes it up. Kept on this machine: the sandbox could lie.</summary>
internal sealed record PageRecord
{
    /// <summary>The page's id.</summary>
    public required string Id { get; init; }

    /// <summary>The browser's word for it.</summary>
    public required string Target { get; init; }

    /// <summary>The browser's word for its profile.</summary>
    public required string Context { get; init; }

    /// <summary>The id of the browser's sandbox.</summary>
    public required string Browser { get; init; }

    /// <summary>The port in that sandbox by which it gets out.</summary>
    public required int Port { get; init; }

    /// <summary>Where it may go.</summary>
    public required IReadOnlyList<PageDestination> Destinations { get; init; }

    /// <summary>What it looks like.</summary>
    public required PageLook Look { get; init; }

    /// <summary>The URL of the app that it was opened for.</summary>
    public required Uri Base { get; init; }

    /// <summary>The name of the app's sandbox; null where there is none.</summary>
    public string? App { get; init; }

    /// <summary>The status that it answered with last; null where nobody heard it.</summary>
    public int? Status { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset Opened { get; init; }

    /// <summary>Who drove it last: a random word of each process. One that lets go of a page takes its look away, also from others that have it.</summary>
    public string? Driver { get; init; }

    /// <summary>What was kept from it while others drove it.</summary>
    public IReadOnlyList<PageMessage> Notes { get; init; } = [];
}
