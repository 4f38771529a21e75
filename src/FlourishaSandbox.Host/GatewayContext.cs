using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Host;

/// <summary>What a connection keeps from one request to the next.</summary>
/// <param name="Http">The request and its answer.</param>
internal sealed record GatewayContext(DefaultHttpContext Http);
