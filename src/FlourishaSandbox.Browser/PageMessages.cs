namespace FlourishaSandbox.Browser;

/// <summary>What a page wrote to its console.</summary>
/// <param name="Messages">The latest 1,000.</param>
/// <param name="Requests">The latest 500 requests that failed.</param>
/// <param name="Dropped">How many earlier ones of both were not kept.</param>
public sealed record PageMessages(IReadOnlyList<PageMessage> Messages, IReadOnlyList<PageFailedRequest> Requests, long Dropped);
