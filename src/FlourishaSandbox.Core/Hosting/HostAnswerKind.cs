namespace FlourishaSandbox.Hosting;

/// <summary>What one request to an address came to.</summary>
internal enum HostAnswerKind
{
    /// <summary>The app answered.</summary>
    Ready,

    /// <summary>The app answered with a status of 500 or more.</summary>
    ServerError,

    /// <summary>The connection was refused, or closed without an answer.</summary>
    Closed,

    /// <summary>The connection was taken, and nothing came.</summary>
    Silent,

    /// <summary>The app leads in a circle, or to where only the sandbox is.</summary>
    Astray,

    /// <summary>The gateway answered for the app.</summary>
    Gateway,

    /// <summary>Traefik answered, and leads this name nowhere.</summary>
    Unrouted,

    /// <summary>There is no such name, or no trust in the certificate.</summary>
    Failed,
}
