using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Opens pages in a browser, which runs in a sandbox of its own and reaches the app and nothing else.</summary>
[Cmdlet(VerbsCommon.Open, "SandboxPage", DefaultParameterSetName = SandboxSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxPage))]
public sealed class OpenSandboxPageCommand : FanOutCmdlet
{
    private const string SandboxSet = "Sandbox";
    private const string UrlSet = "Url";

    /// <summary>Begins with room for many: opening is mostly waiting.</summary>
    public OpenSandboxPageCommand() => ThrottleLimit = 20;

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids: the app's.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SandboxSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The app's sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>The app's port in it; the first that it names where nothing is said.</summary>
    [Parameter(Position = 1, ParameterSetName = SandboxSet, ValueFromPipelineByPropertyName = true, HelpMessage = "The app's port in its sandbox.")]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>The page: a path of the app.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "The page: a path of the app, for example /about.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "/";

    /// <summary>URLs. The page reaches the URL's host, and nothing else that -AllowHost does not name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UrlSet, HelpMessage = "URLs, by http or https.")]
    [ValidateNotNullOrEmpty]
    public Uri[] Url { get; set; } = [];

    /// <summary>The size: phone, tablet, desktop, or as 390x844.</summary>
    [Parameter(HelpMessage = "The size: phone, tablet, desktop, or as 390x844.")]
    [ArgumentCompleter(typeof(ViewportCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Viewport { get; set; }

    /// <summary>A device as Playwright knows it, such as iPhone 13: its size, pixels, touch and name.</summary>
    [Parameter(HelpMessage = "A device as Playwright knows it, for example 'iPhone 13'.")]
    [ValidateNotNullOrEmpty]
    public string? Device { get; set; }

    /// <summary>What the page is told of its user's taste.</summary>
    [Parameter(HelpMessage = "Whether its user likes it light or dark.")]
    public PageColorScheme ColorScheme { get; set; }

    /// <summary>The user's language, such as de-DE.</summary>
    [Parameter(HelpMessage = "The user's language, for example de-DE.")]
    [ValidateNotNullOrEmpty]
    public string? Locale { get; set; }

    /// <summary>Hosts that the page may reach beside the app: example.com, or *.example.com for all below.</summary>
    [Parameter(HelpMessage = "Hosts that it may reach beside the app: example.com or *.example.com.")]
    [ValidateNotNullOrEmpty]
    public string[] AllowHost { get; set; } = [];

    /// <summary>Where the browser runs: in a sandbox of its own, or on this machine.</summary>
    [Parameter(HelpMessage = "Where the browser runs: in a sandbox of its own, or on this machine.")]
    public BrowserKind Browser { get; set; }

    /// <summary>How long opening may take; 30 seconds where nothing is said.</summary>
    [Parameter(HelpMessage = "How long opening may take: seconds, 1m or 00:00:30.")]
    [Duration]
    public TimeSpan Timeout { get; set; } = PageOptions.DefaultTimeout;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var options = new PageOptions { Port = Port, Path = Path, Viewport = Viewport, Device = Device, ColorScheme = ColorScheme, Locale = Locale, AllowHosts = AllowHost, Browser = Browser, Timeout = Timeout };
        foreach (var url in Url)
            Open(options with { Url = url }, url.ToString());

        foreach (var sandbox in Resolve(Sandbox))
            Open(options with { Sandbox = sandbox }, $"{sandbox}{(Port is null ? "" : $":{Port}")}{Path}");
    }

    private void Open(PageOptions options, string target)
    {
        if (!ShouldProcess(target, "Open it in a browser"))
            return;

        FanOut(async cancellationToken =>
        {
            var page = await PageSession.For(Manager).OpenAsync(options, Observer, cancellationToken).ConfigureAwait(false);
            return () => WriteObject(page);
        });
    }
}
