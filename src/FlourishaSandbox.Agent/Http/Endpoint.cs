using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Http;

/// <summary>What answers a path.</summary>
/// <param name="Handle">What answers. A <see cref="FlourishaSandbox.Envd.Connect.ConnectException"/> from it becomes the answer of a plain call.</param>
/// <param name="Access">Who may call it.</param>
internal sealed record Endpoint(RequestDelegate Handle, Access Access);
