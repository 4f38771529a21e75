using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Connects pages to where they may: to the app that they were opened for, as its users would, and to nothing else. Names are resolved here and
/// once, so that a name cannot mean something else later.
/// </summary>
/// <param name="manager">The sandboxes.</param>
internal sealed class PageDestinations(SandboxManager manager)
{
    private const int MostRefusals = 50;
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, IReadOnlyList<IPAddress>> _addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.Ordinal);
    private readonly object _lock = new();
    private volatile IReadOnlyList<PageDestination> _allowed = [];

    /// <summary>What is allowed.</summary>
    public IReadOnlyList<PageDestination> Allowed => _allowed;

    /// <summary>Allows more. Where two are the same host and port, the later one is meant.</summary>
    public void Allow(IReadOnlyCollection<PageDestination> destinations)
    {
        lock (_lock)
            _allowed = [.. destinations, .. _allowed.Where(known => !destinations.Any(one => one with { Sandbox = null } == known with { Sandbox = null }))];
    }

    /// <summary>Why a page was not connected to a host, where it tried; null where it did not.</summary>
    public string? RefusalOf(string host, int port) => _refusals.TryGetValue(KeyOf(host, port), out var reason) ? reason : null;

    /// <summary>Connects.</summary>
    /// <param name="host">A name or an address, as the page has it.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="DestinationException">It may not, or nothing takes the connection.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var name = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        try
        {
            var destination = _allowed.FirstOrDefault(one => one.Matches(name, port))
                ?? throw new DestinationException(DestinationException.NotAllowed, "the page may not connect to it; allow it with -AllowHost or --allow-host where it should");
            var stream = destination.Sandbox is { } sandbox
                ? await ConnectThroughAgentAsync(sandbox, port, cancellationToken).ConfigureAwait(false)
                : await ConnectAsync(name, port, destination, cancellationToken).ConfigureAwait(false);
            _refusals.TryRemove(KeyOf(name, port), out _);
            return stream;
        }
        catch (DestinationException e)
        {
            // What is written down is bounded: the names come from the page.
            if (_refusals.Count < MostRefusals)
                _refusals[KeyOf(name, port)] = e.Message;

            throw;
        }
    }

    private async Task<Stream> ConnectThroughAgentAsync(string sandboxId, int port, CancellationToken cancellationToken)
    {
        try
        {
            var sandbox = await manager.GetAsync(new SandboxReference(sandboxId), cancellationToken).ConfigureAwait(false);
            return await manager.Ports.ConnectAsync(sandbox, port, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e)
        {
            throw new DestinationException(e.Error == SandboxError.PortNotReachable ? DestinationException.Refused : DestinationException.HostUnreachable, e.Message);
        }
    }

    private async Task<Stream> ConnectAsync(string name, int port, PageDestination destination, CancellationToken cancellationToken)
    {
        SocketException? refusal = null;
        foreach (var address in await ResolveAsync(name, destination, cancellationToken).ConfigureAwait(false))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_connectLimit);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                refusal = e;
                socket.Dispose();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                throw new DestinationException(DestinationException.HostUnreachable, $"nothing answered within {s_connectLimit.TotalSeconds:0} s");
            }
        }

        throw refusal?.SocketErrorCode == SocketError.ConnectionRefused
            ? new DestinationException(DestinationException.Refused, "nothing listens there")
            : new DestinationException(DestinationException.HostUnreachable, refusal?.Message ?? "it has no address");
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, PageDestination destination, CancellationToken cancellationToken)
    {
        if (_addresses.TryGetValue(name, out var known))
            return known;

        // As browsers have it: what ends in "localhost" is this machine, and no name server is asked.
        var isLoopback = name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal);
        var isLiteral = IPAddress.TryParse(name, out var literal);
        IPAddress[] found;
        try
        {
            found = isLoopback ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : isLiteral ? [literal!] : await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new DestinationException(DestinationException.HostUnreachable, $"its name has no address ({e.Message})");
        }

        // Who names an address means it, but never that by which clouds tell their machines' secrets. A name means no machine's own loopback.
        IReadOnlyList<IPAddress> usable = [.. found.Where(address => !IsLinkLocal(address) && (isLoopback || isLiteral || !IsLoopback(address)) && (!destination.IsOpenOnly || ClosedAddresses.IsOpen(address)))];
        if (usable.Count == 0)
            throw new DestinationException(DestinationException.NotAllowed, found.Length == 0 ? "its name has no address" : $"it is {Excerpt.Of(found[0].ToString())}, where no page has any business");

        return _addresses.GetOrAdd(name, usable);
    }

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(Plain(address)) || Plain(address).Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsLinkLocal(IPAddress address) => address.IsIPv6LinkLocal || (Plain(address) is { AddressFamily: AddressFamily.InterNetwork } four && four.GetAddressBytes() is [169, 254, ..]);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string KeyOf(string host, int port) => $"{host}:{port}";
}
