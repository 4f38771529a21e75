using System.Net;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace FlourishaSandbox.Host;

/// <summary>What becomes of each request: whose it is, whether it is let in, and what it is answered where no application does that.</summary>
internal sealed class GatewayApplication : IHttpApplication<GatewayContext>
{
    /// <summary>
    /// How long it takes to be told that there is nothing to be seen, whatever the reason. A sandbox that was made a moment ago has time to
    /// become known meanwhile, and nobody measures the difference, or guesses many names in a second.
    /// </summary>
    public static readonly TimeSpan DenialDelay = TimeSpan.FromMilliseconds(200);

    // The request's own connection is the limit: what streams is as long, and as silent, as the two ends like.
    private static readonly ForwarderRequestConfig s_forwarding = new()
    {
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        AllowResponseBuffering = false,
    };

    private readonly GatewayOptions _options;
    private readonly SandboxTable _table;
    private readonly RequestAccess _access;
    private readonly IHttpForwarder _forwarder;
    private readonly ForwardingFailure _failure;
    private readonly IReadOnlyList<string> _domains;
    private readonly IReadOnlyList<IPNetwork> _proxies;
    private readonly string?[] _prefixes = new string?[ushort.MaxValue + 1];

    /// <summary>Creates it.</summary>
    public GatewayApplication(GatewayOptions options, ISandboxRuntime runtime, SandboxTable table, PortAccess access, IHttpForwarder forwarder)
    {
        (_options, _table, _forwarder) = (options, table, forwarder);
        _access = new RequestAccess(access, options.IsExposed);
        _failure = new ForwardingFailure(runtime);
        _domains = [.. new[] { GatewayAddress.LocalDomain, options.Domain, options.Url?.IdnHost }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        _proxies = [.. options.TrustedProxies.Select(ToNetwork)];
    }

    /// <inheritdoc/>
    public GatewayContext CreateContext(IFeatureCollection contextFeatures)
    {
        // A connection's requests come one after the other, and take the same object.
        if (contextFeatures is not IHostContextContainer<GatewayContext> container)
            return new GatewayContext(new DefaultHttpContext(contextFeatures));

        if (container.HostContext is not { } known)
            return container.HostContext = new GatewayContext(new DefaultHttpContext(contextFeatures));

        known.Http.Initialize(contextFeatures);
        return known;
    }

    /// <inheritdoc/>
    public void DisposeContext(GatewayContext context, Exception? exception) => context.Http.Uninitialize();

    /// <inheritdoc/>
    public Task ProcessRequestAsync(GatewayContext context) => AnswerAsync(context.Http);

    private async Task AnswerAsync(HttpContext context)
    {
        if (RequestShape.FindProblem(context) is { } problem)
        {
            await AnswerWriter.WriteAsync(context, GatewayAnswer.NotUnderstood(problem));
            return;
        }

        var outside = OutsideAddress.Of(context, _proxies);
        if (!SandboxHost.TryParse(outside.Authority, _domains, out var host))
        {
            await AnswerWriter.WriteAsync(context, GatewayAnswer.NoName(_domains[^1]));
            return;
        }

        var entry = _table.Find(host.Sandbox);
        var (verdict, expiry) = _access.Judge(context.Request, entry, host.Port, outside.Authority);
        if (verdict is Verdict.Unknown or Verdict.Refused)
        {
            await Task.Delay(DenialDelay, context.RequestAborted);
            entry = _table.Find(host.Sandbox);
            (verdict, expiry) = _access.Judge(context.Request, entry, host.Port, outside.Authority);
        }

        await (verdict switch
        {
            Verdict.Granted => ForwardAsync(context, entry!, host.Port, outside),
            Verdict.Exchanged => ExchangeAsync(context, outside, expiry),
            Verdict.Refused => AnswerWriter.WriteAsync(context, GatewayAnswer.Refused),
            _ => AnswerWriter.WriteAsync(context, GatewayAnswer.Unknown),
        });
    }

    private async Task ForwardAsync(HttpContext context, SandboxEntry entry, int port, OutsideAddress outside)
    {
        var sandbox = entry.Sandbox;
        if (sandbox.State != SandboxState.Running)
        {
            await AnswerWriter.WriteAsync(context, sandbox.State == SandboxState.Suspended ? GatewayAnswer.Suspended(sandbox.Name) : GatewayAnswer.Stopped(sandbox.Name));
            return;
        }

        var path = RequestSecrets.WithoutLink(RequestTarget.PathOf(RequestShape.TargetOf(context))!);
        var transformer = new RequestTransformer(outside, port, path, PortAccess.IsPrivate(sandbox, port, _options.IsExposed), _options.KeepHost);
        RequestShape.KeepToWebSockets(context);
        var prefix = _prefixes[port] ??= string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://localhost:{port}");
        var error = await _forwarder.SendAsync(context, prefix, entry.Invoker, s_forwarding, transformer);
        if (error is ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;

        context.Response.Clear();
        await AnswerWriter.WriteAsync(context, await _failure.DescribeAsync(sandbox, port, error, context.GetForwarderErrorFeature()?.Exception));
    }

    // The same address without the link, so that it is in no history, no log and no Referer.
    private static Task ExchangeAsync(HttpContext context, OutsideAddress outside, DateTimeOffset? expiry)
    {
        var link = RequestSecrets.FindLink(context.Request.QueryString.Value);
        if (expiry is { } end)
        {
            var isSecure = outside.Scheme == Uri.UriSchemeHttps;
            context.Response.Headers.SetCookie = new SetCookieHeaderValue(isSecure ? PortAccess.SecureCookieName : PortAccess.CookieName, link)
            {
                Path = "/",
                HttpOnly = true,
                Secure = isSecure,
                SameSite = Microsoft.Net.Http.Headers.SameSiteMode.Lax,
                MaxAge = end - DateTimeOffset.UtcNow,
            }.ToString();
        }

        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"{outside.Scheme}://{outside.Authority}{RequestSecrets.WithoutLink(RequestTarget.PathOf(RequestShape.TargetOf(context))!)}";
        AnswerWriter.SetCommonHeaders(context.Response);
        return Task.CompletedTask;
    }

    private static IPNetwork ToNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network : IPAddress.Parse(text) is var address ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : default;
}
