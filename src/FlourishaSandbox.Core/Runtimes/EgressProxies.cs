using System.Net;
using System.Text;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The proxies of sandboxes with an egress list, one for each: on the sandbox's network, which has no way out, and with a second leg on the
/// shared one, which has. What it lets through is decided in <see cref="ProxyConfiguration"/>.
/// </summary>
/// <param name="client">The engine.</param>
internal sealed class EgressProxies(DockerClient client)
{
    private const string ReadyWord = "\nthe proxy serves\n";
    private const int KeptWords = 2000;
    private const string Folder = "/run/proxy";

    // Debian's user "proxy", by number: the image's own names are not looked up.
    private const string User = "13:13";

    // Squid and its resolver take some 35 MiB.
    private const long Memory = 128L << 20;
    private const int Pids = 64;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    /// <summary>Whom the proxy's resolver asks, <c>address</c> or <c>address@port</c>; null for the engine's own. For tests.</summary>
    internal static string? Upstream { get; set; }

    /// <summary>Makes a proxy, without starting it.</summary>
    /// <param name="specification">The sandbox that it is for.</param>
    /// <param name="creation">Its creation's mark.</param>
    /// <param name="network">The sandbox's network.</param>
    /// <param name="proxy">The proxy's address there.</param>
    /// <param name="sandbox">The sandbox's address there.</param>
    /// <param name="outside">The network with a way out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its container's id.</returns>
    public async Task<string> CreateAsync(SandboxSpecification specification, string creation, string network, IPAddress proxy, IPAddress sandbox, string outside, CancellationToken cancellationToken)
    {
        var policy = specification.Egress!;
        var engine = await ClosedAddresses.OfEngineAsync(client.Endpoint.IsLocal, client.Endpoint.HostName, cancellationToken).ConfigureAwait(false);
        var created = await client.Containers.CreateAsync(new ContainerCreateRequest
        {
            Image = policy.ProxyImage,
            Hostname = "proxy",
            User = User,
            WorkingDir = "/",
            Labels = SandboxLabels.WriteCompanion(specification, creation, SandboxLabels.ProxyKind),
            Env =
            [
                $"FLOURISHA_PROXY={ProxyConfiguration.Squid(policy, proxy, sandbox, engine)}",
                $"FLOURISHA_RESOLVER={ProxyConfiguration.Unbound(engine, Upstream)}",
                $"FLOURISHA_ADDRESS={proxy}",
                $"FLOURISHA_SANDBOX={sandbox}",
            ],
            HostConfig = new HostConfig
            {
                NetworkMode = network,
                Memory = Memory,
                MemorySwap = Memory,
                CpuPeriod = 100_000,
                CpuQuota = 100_000,
                PidsLimit = Pids,
                CapDrop = ["ALL"],
                SecurityOpt = ["no-new-privileges"],
                ReadonlyRootfs = true,
                Tmpfs = new() { [Folder] = "size=8m,mode=0700,uid=13,gid=13,nosuid,nodev,noexec" },
                Sysctls = new() { ["net.ipv4.ip_unprivileged_port_start"] = "0" },
                Init = true,
                // Whatever the engine's own driver is, it must be possible to read that the proxy is ready.
                LogConfig = new LogConfig { Type = "json-file", Config = new() { ["max-size"] = "1m", ["max-file"] = "1" } },
            },
            NetworkingConfig = new NetworkingConfig { EndpointsConfig = new() { [network] = new EndpointSettings { IPAMConfig = new EndpointIpam { IPv4Address = proxy.ToString() } } } },
        }, $"flourisha-proxy-{creation[..12]}", cancellationToken).ConfigureAwait(false);
        await client.Networks.ConnectAsync(outside, created.Id, settings: null, cancellationToken).ConfigureAwait(false);
        return created.Id;
    }

    /// <summary>Starts a proxy and waits until it serves.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.EngineFailed"/>: it ended, or did not serve in time.</exception>
    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        var since = (await client.Containers.InspectAsync(id, cancellationToken).ConfigureAwait(false)).State is { StartedAt.Year: > 1, FinishedAt: var finished } ? finished : (DateTimeOffset?)null;
        await client.Containers.StartAsync(id, cancellationToken).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyLimit);
        var said = "";
        try
        {
            var log = await client.Containers.LogsAsync(id, new LogsRequest { Follow = true, Stdout = true, Stderr = true, Since = since }, limit.Token).ConfigureAwait(false);
            await using (log.ConfigureAwait(false))
            {
                var buffer = new byte[1024];
                while (await log.ReadAsync(buffer, limit.Token).ConfigureAwait(false) is { Count: > 0 } chunk)
                {
                    // However much its programs say before, this is the last that is said.
                    said += Encoding.UTF8.GetString(buffer.AsSpan(0, chunk.Count));
                    if (said.EndsWith(ReadyWord, StringComparison.Ordinal))
                        return;

                    said = said.Length > KeptWords ? said[^KeptWords..] : said;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            said = $"nothing within {ReadyLimit.TotalSeconds:0} s. {said}";
        }

        throw new SandboxException(SandboxError.EngineFailed, $"The proxy that keeps the sandbox's egress list does not serve. It said: {said.Trim()}", id, "Try again; look whether the engine's machine has memory left.");
    }

    /// <summary>The proxies of one creation, or of all.</summary>
    public async Task<IReadOnlyList<ContainerSummary>> ListAsync(string? creation, CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.ProxyKind}");
        return await client.Containers.ListAsync(all: true, creation is null ? filters : filters.Add("label", $"{SandboxLabels.Creation}={creation}"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The variables by which programs find the proxy. Some know them in capitals only, some not.</summary>
    public static Dictionary<string, string> Variables(IPAddress proxy)
    {
        var url = $"http://{proxy}:{ProxyConfiguration.Port}";
        const string Direct = "localhost,127.0.0.1,::1";
        return new()
        {
            ["HTTP_PROXY"] = url, ["HTTPS_PROXY"] = url, ["NO_PROXY"] = Direct,
            ["http_proxy"] = url, ["https_proxy"] = url, ["no_proxy"] = Direct,
        };
    }
}
