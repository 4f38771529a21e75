namespace FlourishaSandbox.Agent.Http;

/// <summary>A path does not take the request's method.</summary>
/// <param name="allowed">Those that it takes, as the Allow header has them.</param>
internal sealed class MethodNotAllowedException(string allowed) : Exception
{
    /// <summary>Those that it takes, as the Allow header has them.</summary>
    public string Allowed { get; } = allowed;
}
