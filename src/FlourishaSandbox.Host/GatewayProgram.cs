using System.Runtime.InteropServices;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace FlourishaSandbox.Host;

/// <summary>The program: listens until it is told to end, and lets what is under way end first.</summary>
internal static class GatewayProgram
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Does what the command line says.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(GatewayArguments.Usage);
            return 0;
        }

        try
        {
            var settings = SandboxSettings.FromEnvironment();
            var arguments = GatewayArguments.Parse(args, settings);
            if (arguments.IsDetached)
                Detachment.LeaveTerminal();

            using var end = new CancellationTokenSource();
            using var signals = new EndingSignals(end);
            await ServeAsync(arguments, settings, end.Token);
            return 0;
        }
        catch (SandboxException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message} {e.Remedy}".TrimEnd());
            return e.Error.ExitCode();
        }
    }

    private static async Task ServeAsync(GatewayArguments arguments, SandboxSettings settings, CancellationToken cancellationToken)
    {
        var options = arguments.Options;
        using var log = new GatewayLog(arguments.Log);
        var certificate = options.Certificate is null ? null : new GatewayCertificate(options, log);
        using var runtime = DockerRuntime.Connect(options.Engine ?? settings.Endpoint, settings.AgentFolder);
        using var table = new SandboxTable(runtime);
        var watch = new SandboxWatch(runtime, table, log);
        await watch.BeginAsync(cancellationToken);

        await using var services = GatewayServer.CreateServices();
        var application = new GatewayApplication(options, runtime, table, new PortAccess(), services.GetRequiredService<IHttpForwarder>());
        using var server = await GatewayServer.StartAsync(options, certificate, services, application);
        using var record = new GatewayRecords().Write(options, arguments.Log);
        Announce(options, settings, log);
        try
        {
            await watch.RunAsync(cancellationToken);
        }
        finally
        {
            using var grace = new CancellationTokenSource(s_grace);
            await server.StopAsync(grace.Token);
        }
    }

    private static void Announce(GatewayOptions options, SandboxSettings settings, GatewayLog log)
    {
        var scheme = options.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        log.Write($"Serving {scheme}://PORT-ID.{options.Domain ?? GatewayAddress.LocalDomain}:{options.Port} on {options.Address}.");
        foreach (var trouble in options.FindTroubles(settings))
            log.Write($"Warning: {trouble}");
    }
}
