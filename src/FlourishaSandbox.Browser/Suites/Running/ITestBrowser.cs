using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>A browser that checks are made with. It ends when it is disposed.</summary>
internal interface ITestBrowser : IAsyncDisposable
{
    /// <summary>Opens a profile that nothing was done with yet.</summary>
    /// <param name="options">How its pages are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The profile; the caller disposes it.</returns>
    Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options, CancellationToken cancellationToken);

    /// <summary>The URL by which the browser reaches a port of a sandbox.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The URL, without a path.</returns>
    Task<Uri> ReachAsync(Sandbox sandbox, int port, CancellationToken cancellationToken);
}
