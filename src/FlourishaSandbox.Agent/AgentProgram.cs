using System.Reflection;
using System.Text;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent;

/// <summary>The command line.</summary>
internal static class AgentProgram
{
    private const int UsageExitCode = 2;

    /// <summary>The product's version.</summary>
    public static string Version { get; } = typeof(AgentProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Does what the command line says.</summary>
    /// <param name="args">The words after the program's name. <c>relay</c> never gets here: see Native/entry.c.</param>
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
                AgentLog.Write("usage: flourisha-agent serve [OPTIONS] [-- START COMMAND] | relay [--port N] | --version");
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
        var endpoints = new EndpointTable();
        endpoints.Map(EnvdRoutes.Health, HealthAsync, Access.Open);

        // Files, folders, metrics and ports: src/FlourishaSandbox.Agent/Files and System add theirs here.
        reactor.Start();
        await AgentServer.StartAsync(options, new AgentApplication(endpoints, token));
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static Task HealthAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static unsafe void WriteOut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
            _ = LibC.Write(1, first, (nuint)bytes.Length);
    }
}
