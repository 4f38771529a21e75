namespace FlourishaSandbox.Docker;

/// <summary>How an engine is reached.</summary>
internal enum DockerEndpointKind
{
    /// <summary>A Unix domain socket on this machine.</summary>
    UnixSocket,

    /// <summary>A Windows named pipe.</summary>
    NamedPipe,

    /// <summary>TCP, with or without TLS.</summary>
    Tcp,

    /// <summary>The Docker CLI's <c>dial-stdio</c> on another machine, through <c>ssh</c>.</summary>
    Ssh,
}
