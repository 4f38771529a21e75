using FlourishaSandbox.Browser;

namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>What a page wrote to its console, and which of its requests failed.</summary>
/// <param name="Page">The page.</param>
/// <param name="Messages">The lines.</param>
/// <param name="FailedRequests">The requests.</param>
/// <param name="Dropped">How many earlier ones of both were not kept.</param>
internal sealed record ConsoleDocument(string Page, IReadOnlyList<PageMessage> Messages, IReadOnlyList<PageFailedRequest> FailedRequests, long Dropped);
