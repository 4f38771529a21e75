using System.CommandLine;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>One thing that the program does. Derived classes read their options and make a call or two; what all have in common is here.</summary>
internal abstract class Verb : Command
{
    /// <summary>Names a verb.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Calls for its help, the plainest first.</param>
    protected Verb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction((parse, _) => ExecuteAsync(parse));
    }

    /// <summary>Calls for the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does it.</summary>
    /// <param name="session">The call.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl+C and the like.</param>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(Session session, CancellationToken cancellationToken);

    private async Task<int> ExecuteAsync(ParseResult parse)
    {
        using var interrupt = new Interrupt();
        AuditClient.Current = $"docker-sandbox {CommandPath.Of(this)}";
        using var session = new Session(parse);
        try
        {
            return await RunAsync(session, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.ExitCode != 0)
        {
            return interrupt.ExitCode;
        }
        catch (SandboxException e)
        {
            return session.Report(e);
        }
        catch (Exception e) when (e is not ClosedOutputException)
        {
            return session.ReportUnforeseen(e);
        }
    }
}
