namespace FlourishaSandbox.Envd;

/// <summary>The paths of an agent's services.</summary>
public static class EnvdRoutes
{
    /// <summary>GET: 204 as soon as the agent answers. Needs no token.</summary>
    public const string Health = "/health";

    /// <summary>GET: <see cref="Http.AgentMetrics"/>.</summary>
    public const string Metrics = "/metrics";

    /// <summary>GET: the variables that processes get, as an object of strings.</summary>
    public const string Envs = "/envs";

    /// <summary>POST: <see cref="Http.InitRequest"/>; 204.</summary>
    public const string Init = "/init";

    /// <summary>GET and POST: a file's content. Takes a signature instead of a token.</summary>
    public const string Files = "/files";

    /// <summary>The process service; its calls are below it.</summary>
    public const string Process = "/process.Process/";

    /// <summary>The file system service; its calls are below it.</summary>
    public const string Filesystem = "/filesystem.Filesystem/";

    /// <summary>GET: <see cref="Http.AgentInfo"/>.</summary>
    public const string Info = "/flourisha/info";

    /// <summary>GET and PUT: <see cref="Http.Deadline"/> and <see cref="Http.DeadlineRequest"/>.</summary>
    public const string Deadline = "/flourisha/deadline";

    /// <summary>POST: the engine is about to freeze the sandbox, and its deadline may pass meanwhile; <see cref="Http.Deadline"/>. It is put off by 10 s then, for <see cref="Resume"/>.</summary>
    public const string Hold = "/flourisha/hold";

    /// <summary>POST <see cref="Http.EndRequest"/>: everything ends, and the agent with it; 204 before it begins.</summary>
    public const string End = "/flourisha/end";

    /// <summary>POST <see cref="Http.ResumeRequest"/>: everything goes on that was frozen; <see cref="Http.Deadline"/>.</summary>
    public const string Resume = "/flourisha/resume";

    /// <summary>
    /// Of a sandbox that waits in a pool. POST <see cref="Http.ClaimRequest"/>: makes it somebody's, once; GET: <see cref="Http.ClaimState"/>.
    /// Until then the agent answers no other call that could leave something behind.
    /// </summary>
    public const string Claim = "/flourisha/claim";

    /// <summary>
    /// GET ?path=: a file or folder as a tar stream, whose first component is the path's last one. PUT ?path=: unpacks a tar stream into a
    /// folder that exists; <see cref="Http.TarReceipt"/>.
    /// </summary>
    public const string Tar = "/flourisha/tar";

    /// <summary>GET ?port=&amp;timeoutMs=: waits until a process listens on a TCP port; <see cref="Http.PortState"/>, whether it came to that or not.</summary>
    public const string Port = "/flourisha/port";

    /// <summary>
    /// GET ?port= with <c>Upgrade: tcp</c>: a connection to what listens on that port in the sandbox, also on its loopback only; 404 where
    /// nothing does. After the answer 101 bytes pass as they are, until either end closes.
    /// </summary>
    public const string Tunnel = "/flourisha/tunnel";

    /// <summary>
    /// GET ?port= with <c>Upgrade: tcp</c>: waits for a process of the sandbox to connect to that port on its loopback, where the agent
    /// listens as long as somebody asks; then 101, and bytes as they are. Several may wait; each connection is given to one of them.
    /// </summary>
    public const string Accept = "/flourisha/accept";

    /// <summary>GET ?port=: the TCP ports that processes listen on, or the one that is meant; <see cref="Http.PortList"/>. The agent's own is not among them.</summary>
    public const string Ports = "/flourisha/ports";

    /// <summary>POST <see cref="Process.StopRequest"/>: ends a process with all its descendants; <see cref="Process.StopResponse"/> when they are gone.</summary>
    public const string Stop = "/flourisha/stop";

    /// <summary>GET: the access token as text, to whoever was started in the sandbox by its engine, over the agent's local socket only.</summary>
    public const string Token = "/flourisha/token";
}
