using System.CommandLine;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Terminals;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Opens a shell in a sandbox.</summary>
internal sealed class ConnectVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Option<string?> _shell = new("--shell") { Description = "A line for the sandbox's /bin/sh to run on the terminal. Default: bash where there is one, else sh.", HelpName = "COMMAND" };
    private readonly Option<string?> _folder = new("--cwd", "-w") { Description = "The folder to start in. Default: the sandbox's.", HelpName = "PATH" };

    /// <summary>Creates the verb.</summary>
    public ConnectVerb()
        : base(
            "connect",
            "Opens a shell in a sandbox on this terminal. Every key goes inside, also Ctrl+C; 'exit' or Ctrl+D leads out again.",
            "docker-sandbox connect $ID",
            "docker-sandbox connect $ID --shell 'python3 -q' --cwd /workspace")
    {
        Add(_sandbox);
        Add(_shell);
        Add(_folder);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var exit = await InteractiveShell.RunAsync(session.Manager, sandbox, session.Parse.GetValue(_shell), session.Parse.GetValue(_folder), session.Observer, cancellationToken);
        return exit.ExitCode ?? ExitCodes.Failure;
    }
}
