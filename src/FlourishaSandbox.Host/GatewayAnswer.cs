using System.Globalization;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Host;

/// <summary>What the gateway says itself, where no application does.</summary>
/// <param name="Status">The status.</param>
/// <param name="Reason">The same in a word, for programs.</param>
/// <param name="Title">In a few words, for people.</param>
/// <param name="Text">A sentence or two.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="RetrySeconds">When to ask again; null where that helps nothing.</param>
internal sealed record GatewayAnswer(int Status, string Reason, string Title, string Text, string Remedy, int? RetrySeconds = null)
{
    /// <summary>The header that tells such an answer from an application's.</summary>
    public const string Header = HostProbe.GatewayHeader;

    private const int SoonSeconds = 2;

    /// <summary>The name is none of a sandbox's.</summary>
    public static GatewayAnswer NoName(string domain) => new(404, "no-name", "This is the gateway", "It leads to the ports of sandboxes, by names.", $"Write PORT-ID.{domain}: 8000-0123456789ab.{domain} for port 8000 of sandbox 0123456789ab.");

    /// <summary>There is nothing of that name, or nothing that one may see.</summary>
    public static GatewayAnswer Unknown { get; } = new(
        404, "unknown", "Nothing to be seen here", "There is no sandbox of this name, or its port is private and its token was not shown.",
        "Compare the name with 'docker-sandbox list'. For a private port, show its token, which Get-SandboxHost and 'docker-sandbox get-host --json' give, in the header X-Access-Token, or ask its owner for a link.");

    /// <summary>What was shown opens nothing of that name.</summary>
    public static GatewayAnswer Refused { get; } = new(
        401, "token", "This token opens nothing here", "The token, the cookie or the link is another sandbox's or port's, has ended, or the sandbox is gone.",
        "Get a new one: Get-SandboxHost and 'docker-sandbox get-host --json' give the token.");

    /// <summary>The request is one that servers understand in different ways.</summary>
    public static GatewayAnswer NotUnderstood(string what) => new(400, "bad-request", "This request is not passed on", what, "Send one that can be read in one way only.");

    /// <summary>The sandbox does not run.</summary>
    public static GatewayAnswer Stopped(string sandbox) => new(503, "stopped", "This sandbox has stopped", $"Sandbox '{sandbox}' does not run; its files are there.", $"Start it again: Start-Sandbox {sandbox}, or docker-sandbox start {sandbox}.");

    /// <summary>The sandbox is frozen.</summary>
    public static GatewayAnswer Suspended(string sandbox) => new(503, "suspended", "This sandbox is suspended", $"Sandbox '{sandbox}' is frozen, with all that runs in it.", $"Let it go on: Resume-Sandbox {sandbox}, or docker-sandbox resume {sandbox}.");

    /// <summary>Nothing listens.</summary>
    public static GatewayAnswer NotListening(string sandbox, int port) => new(
        502, "not-listening", $"Nothing listens on port {Number(port)} yet", $"Sandbox '{sandbox}' runs, but no server in it listens on port {Number(port)}.",
        "Start the server, or wait until it is up: this page asks again by itself.", SoonSeconds);

    /// <summary>Something listens, for itself alone.</summary>
    public static GatewayAnswer LoopbackOnly(string sandbox, int port) => new(
        502, "loopback-only", $"Port {Number(port)} listens on 127.0.0.1 only", $"A server in sandbox '{sandbox}' listens on port {Number(port)}, but only for what runs in the sandbox itself.",
        "Have it listen on 0.0.0.0, for example by --host 0.0.0.0. This page asks again by itself.", SoonSeconds);

    /// <summary>There is no way to the sandbox.</summary>
    public static GatewayAnswer Unreachable(string sandbox, int port) => new(
        502, "unreachable", "This sandbox cannot be reached", $"No way leads from the gateway to port {Number(port)} of sandbox '{sandbox}'.",
        "A sandbox without a network has no way in. Where the engine is on another machine, run the gateway there, or name the port when the sandbox is made.");

    /// <summary>What listens does not answer as an HTTP server does.</summary>
    public static GatewayAnswer Ended(string sandbox, int port) => new(
        502, "ended", "The server did not answer", $"What listens on port {Number(port)} of sandbox '{sandbox}' closed the connection, or does not speak HTTP.",
        "See what the server says: Receive-SandboxProcess, or docker-sandbox logs.");

    /// <summary>What listens takes no connections.</summary>
    public static GatewayAnswer TimedOut(string sandbox, int port) => new(
        504, "timeout", "The server takes no connections", $"What listens on port {Number(port)} of sandbox '{sandbox}' did not take a connection in time.",
        "See what keeps it busy: docker-sandbox ps, docker-sandbox metrics.", SoonSeconds);

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
