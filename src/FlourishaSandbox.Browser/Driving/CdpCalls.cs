using System.Text.Json;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>Calls of the browser's own protocol, for what Playwright has no call.</summary>
internal static class CdpCalls
{
    /// <summary>Makes a call.</summary>
    /// <param name="session">Whom to ask.</param>
    /// <param name="method">What.</param>
    /// <param name="arguments">With what.</param>
    /// <returns>The answer.</returns>
    public static async Task<JsonElement> CallAsync(this ICDPSession session, string method, params (string Name, object? Value)[] arguments)
    {
        var values = arguments.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!);
        return await session.SendAsync(method, values).ConfigureAwait(false) ?? default;
    }

    /// <summary>A text in an answer; empty where there is none.</summary>
    public static string Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return "";
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString()! : element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "" : element.GetRawText();
    }

    /// <summary>Lets something be done for which nobody waits: a page that is gone meanwhile needs it no more.</summary>
    public static void Forget(this Task task) => _ = task.ContinueWith(done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>Does something with a browser, within a time, and gives failures a name.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="what">What is done, as the beginning of a sentence, such as "The page's text".</param>
    /// <param name="target">What the failure is about.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="work">Does it; gets the time in milliseconds.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.TimedOut"/>, <see cref="SandboxError.PageFailed"/>.</exception>
    public static Task<T> WithinAsync<T>(string what, object? target, TimeSpan timeout, Func<float, Task<T>> work, CancellationToken cancellationToken) =>
        // Beside Playwright's own limits: a script that loops is behind none of them. Ours comes second, so that its words are heard.
        NameAsync(what, target, timeout, work((float)timeout.TotalMilliseconds).WaitAsync(timeout + TimeSpan.FromSeconds(2), cancellationToken));

    /// <summary>Gives the failures of something that is done with a browser a name.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="what">What is done, as the beginning of a sentence.</param>
    /// <param name="target">What the failure is about.</param>
    /// <param name="timeout">How long it may take, for the message.</param>
    /// <param name="work">What is done.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.TimedOut"/>, <see cref="SandboxError.PageFailed"/>.</exception>
    public static async Task<T> NameAsync<T>(string what, object? target, TimeSpan timeout, Task<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (System.TimeoutException e)
        {
            throw new SandboxException(SandboxError.TimedOut, $"{what} took longer than {StoryPage.Seconds(timeout)}.{PlaywrightWords.Hindrance(e)}", target, "A script of the page may be looping; give more time with -Timeout or --timeout, or close the page with Close-SandboxPage or 'docker-sandbox browser close'.", e);
        }
        catch (PlaywrightException e)
        {
            throw new SandboxException(SandboxError.PageFailed, $"{what} failed: {PlaywrightWords.Of(e)}", target, IsGone(e) ? "The page or its browser is gone: open it again." : null, e);
        }
    }

    /// <summary>Whether a failure says that the page or the browser has gone.</summary>
    public static bool IsGone(PlaywrightException exception) =>
        exception.Message.Contains("has been closed", StringComparison.Ordinal) || exception.Message.Contains("Target crashed", StringComparison.Ordinal) || exception.Message.Contains("Target closed", StringComparison.Ordinal);
}
