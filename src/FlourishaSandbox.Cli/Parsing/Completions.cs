using System.CommandLine.Completions;
using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>What the Tab key offers. It answers soon or not at all, and never with an error: a person is typing.</summary>
internal static class Completions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The caller's sandboxes.</summary>
    /// <param name="context">What has been typed.</param>
    /// <returns>Their names.</returns>
    public static IEnumerable<string> Sandboxes(CompletionContext context) => Offer(manager =>
    {
        using var limit = new CancellationTokenSource(Limit);
        var filter = new SandboxFilter { Owner = SandboxSettings.FromEnvironment().Owner };

        // The parser asks for completions synchronously, and nothing else happens in this process.
        return [.. manager.ListAsync(filter, limit.Token).GetAwaiter().GetResult().Select(sandbox => sandbox.Name)];
    });

    /// <summary>The processes of a sandbox.</summary>
    /// <param name="sandbox">The sandbox's name or id; null where it has not been typed.</param>
    /// <returns>Their tags, and the numbers of those that have none.</returns>
    public static IEnumerable<string> Processes(string? sandbox) => string.IsNullOrWhiteSpace(sandbox) ? [] : Offer(manager =>
    {
        using var limit = new CancellationTokenSource(Limit);
        var found = manager.GetAsync(new SandboxReference(sandbox), limit.Token).GetAwaiter().GetResult();
        var processes = manager.Processes.ListAsync(found, includeEnded: true, limit.Token).GetAwaiter().GetResult();
        return [.. processes.Select(process => process.Tag ?? process.Id.ToString(CultureInfo.InvariantCulture)).Distinct()];
    });

    /// <summary>The templates.</summary>
    /// <param name="context">What has been typed.</param>
    /// <returns>Their names.</returns>
    public static IEnumerable<string> Templates(CompletionContext context) => Offer(manager => [.. manager.Templates.List().Select(template => template.Name)]);

    private static IReadOnlyList<string> Offer(Func<SandboxManager, IReadOnlyList<string>> names)
    {
        try
        {
            using var manager = SandboxManager.Connect();
            return names(manager);
        }
        catch (Exception e) when (e is SandboxException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
