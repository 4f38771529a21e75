using System.Net.Sockets;
using System.Reflection;
using System.Text;
using FlourishaSandbox.Agent.Files;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Limits;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Agent.Probes;
using FlourishaSandbox.Agent.Processes;
using FlourishaSandbox.Agent.Tunnels;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlourishaSandbox.Agent;

/// <summary>The command line.</summary>
internal static class AgentProgram
{
    private const int FirstProcess = 1;
    private const int FailureExitCode = 1;
    private const int UsageExitCode = 2;
    private const int SetChildSubreaper = 36;
    private const int JustMadeSeconds = 10;
    private const string StartTag = "start";

    /// <summary>The product's version.</summary>
    public static string Version { get; } = typeof(AgentProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Does what the command line says.</summary>
    /// <param name="args">The words after the program's name. <c>relay</c> and <c>forward</c> never get here: see Native/entry.c.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["serve", .. var rest]:
                return await ServeAsync(rest);
            case ["--version"]:
                WriteOut(Version + "\n");
                return 0;
            default:
                AgentLog.Write("usage: flourisha-agent serve [OPTIONS] [-- START COMMAND] | relay [--port N] | forward PORT ADDRESS:PORT | --version");
                return UsageExitCode;
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        AgentOptions options;
        try
        {
            options = AgentOptions.Parse(args);
        }
        catch (FormatException exception)
        {
            AgentLog.Write(exception.Message);
            return UsageExitCode;
        }

        var state = new AgentState(options, FlourishaNative.InheritedEnvironment());
        var token = new AccessToken(options.TokenHash);
        var reactor = new Reactor();
        var table = new ProcessTable(reactor);
        var life = new AgentLife(table);
        var freezer = new SandboxFreezer(table);
        SandboxDeadline? deadline = null;
        deadline = new SandboxDeadline(reactor, options.SuspendsAtDeadline
            ? () => _ = Task.Run(() => freezer.FreezeAsync(() => deadline!.HasPassed))
            : () => life.End(AgentLife.DeadlineExitCode));
        var group = new ControlGroup();
        var creation = DiskUsage.SinceCreation();
        var disk = new DiskGuard(options.DiskLimit, "/", new DiskUsage("/", creation, (uint)state.User.Uid), table);
        DiskAllowance.Use(disk);
        var launcher = new ProcessLauncher(state, table, reactor, disk, group);
        AgentSignals.Watch(reactor, table.Reap, () => life.End(AgentLife.TerminatedExitCode));
        LibC.ProcessControl(SetChildSubreaper, 1, 0, 0, 0);

        var claim = new PoolClaim(options.Pool is not null);
        var endpoints = new EndpointTable();
        new AgentEndpoints(state, token, claim).Map(endpoints);
        new LifetimeEndpoints(deadline, freezer, life).Map(endpoints);
        new ClaimEndpoints(claim, state, deadline, life).Map(endpoints);
        new ProcessService(state, table, launcher).Map(endpoints);
        FileEndpoints.Map(endpoints, state.User, token, reactor);
        new TunnelEndpoints().Map(endpoints);
        ProbeEndpoints.Map(endpoints, state, new MetricsReader(group, disk, table), new PortListing(table, options.Port));

        if (options.Lifetime is { } lifetime)
            deadline.Set((long)lifetime.TotalMilliseconds);

        reactor.Start();
        await AgentThreads.CreateAllAsync();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        KestrelServer server;
        try
        {
            server = await AgentServer.StartAsync(options, new AgentApplication(endpoints, token, claim, started.Task));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            AgentLog.Write($"{options.Address}:{options.Port} cannot be listened on");
            return FailureExitCode;
        }

        // On a machine's own network there is nobody to greet.
        if (Environment.ProcessId == FirstProcess)
            NetworkGreeting.Send();

        disk.Start(isNew: DateTimeOffset.UtcNow.ToUnixTimeSeconds() - creation.Seconds < JustMadeSeconds);
        // After the agent listens: the port is not to be had by what is started.
        _ = StartCommandAsync(options, state, launcher, started);
        return await life.RunAsync(server);
    }

    private static async Task StartCommandAsync(AgentOptions options, AgentState state, ProcessLauncher launcher, TaskCompletionSource started)
    {
        try
        {
            if (options.StartCommand.Count == 0)
                return;

            var request = new StartRequest { Process = new ProcessConfig { Cmd = options.StartCommand[0], Args = [.. options.StartCommand.Skip(1)] }, Tag = StartTag, Stdin = false };
            var (_, reader) = await launcher.StartAsync(request, StartCheck.Check(request, state));
            reader.Dispose();
        }
        catch (ConnectException exception)
        {
            AgentLog.Write($"the start command: {exception.Message}");
        }
        finally
        {
            started.SetResult();
        }
    }

    private static unsafe void WriteOut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
            _ = LibC.Write(1, first, (nuint)bytes.Length);
    }
}
