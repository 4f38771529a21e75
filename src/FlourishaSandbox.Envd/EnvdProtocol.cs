namespace FlourishaSandbox.Envd;

/// <summary>Names and numbers that both sides of the protocol know.</summary>
public static class EnvdProtocol
{
    /// <summary>The TCP port on which an agent listens, as E2B's clients expect.</summary>
    public const int Port = 49983;

    /// <summary>The header that bears the access token.</summary>
    public const string AccessTokenHeader = "X-Access-Token";

    /// <summary>Connect's header for how long a call may take, in milliseconds; for a process, how long it may run. 0 for no limit.</summary>
    public const string TimeoutHeader = "Connect-Timeout-Ms";

    /// <summary>The header by which a client asks for a sign of life every so many seconds on a stream that is silent.</summary>
    public const string KeepaliveHeader = "Keepalive-Ping-Interval";

    /// <summary>The content type of a call with one request and one answer.</summary>
    public const string UnaryContentType = "application/json";

    /// <summary>The content type of a call whose messages come in envelopes.</summary>
    public const string StreamContentType = "application/connect+json";

    /// <summary>The content type of a tar stream.</summary>
    public const string TarContentType = "application/x-tar";

    /// <summary>With what an agent refuses, as unavailable, to start anything in a sandbox that is frozen.</summary>
    public const string SuspendedMessage = "the sandbox is suspended";

    /// <summary>With what an agent refuses to write more to a sandbox's disk than it may have.</summary>
    public const string DiskLimitMessage = "the sandbox's disk limit is reached";

    /// <summary>The longest message that is taken, in bytes: 4 MiB. Files and archives are no messages and have no limit.</summary>
    public const int MaximumMessage = 4 << 20;

    /// <summary>The longest path that is taken, in bytes of UTF-8: the kernel's PATH_MAX without its NUL.</summary>
    public const int MaximumPath = 4095;
}
