using System.CommandLine;
using System.Globalization;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Runs a command in a sandbox.</summary>
internal sealed class ExecVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "One word: a line for the sandbox's shell. Several: a program and its arguments, without a shell, and options among them are its own.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _shell = CommonOptions.Flag("--shell", "Give several words to the shell too, with spaces between them.");
    private readonly Option<string?> _folder = new("--cwd", "-w") { Description = "The folder to start in. Default: the sandbox's.", HelpName = "PATH" };
    private readonly Option<Dictionary<string, string>?> _environment = CommonOptions.Environment("A variable for the command; may be repeated.");
    private readonly Option<string?> _user = new("--user", "-u") { Description = "The user to run as. Default: the sandbox's.", HelpName = "USER" };
    private readonly Option<bool> _root = CommonOptions.Flag("--root", "Run as root.");
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Duration("--timeout", "How long it may run before it and all that it started are killed (exit code 124). Default: no limit.", allowUnlimited: true);
    private readonly Option<bool> _background = CommonOptions.Flag("--background", "Start it, print its number, and leave it running, as one does with a server. Its output is kept for 'logs'; see also ps, wait, stop and stdin.", aliases: "-d");
    private readonly Option<bool> _stdin = CommonOptions.Flag("--stdin", "Pass standard input on also where it is a terminal. A pipe or a file is always passed on; write </dev/null to keep it. With --background: let 'stdin' write to it later.", aliases: "-i");

    private readonly Option<string?> _tag = new("--tag") { Description = "A word to find it by, with --background: letters, digits, '-', '_', '.' and ':'.", HelpName = "WORD" };

    /// <summary>Creates the verb.</summary>
    public ExecVerb()
        : base(
            "exec",
            "Runs a command in a sandbox; its output, its input and its exit code are the caller's.",
            "docker-sandbox exec $ID 'pip list | grep fastapi'",
            "docker-sandbox exec $ID ls -la /workspace",
            "docker-sandbox exec $ID --cwd /workspace -e DEBUG=1 --timeout 30 pytest -q",
            "docker-sandbox exec $ID --background --tag server 'uvicorn main:app --host 0.0.0.0'",
            "cat dump.sql | docker-sandbox exec $ID sqlite3 app.db")
    {
        Add(_sandbox);
        Add(_command);
        foreach (Option option in (Option[])[_shell, _folder, _environment, _user, _root, _timeout, _background, _stdin, _tag])
            Add(option);

        Validators.Add(result =>
        {
            if (result.GetValue(_root) && result.GetValue(_user) is not null)
                result.AddError("--root and --user say two different things. Give one of them.");

            if (result.GetValue(_tag) is not null && !result.GetValue(_background))
                result.AddError("--tag is for finding a command in the background. Give --background too, or leave --tag out.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var words = session.Parse.GetRequiredValue(_command);
        var request = ReadRequest(session.Parse, words);
        request.Validate();

        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        try
        {
            return session.Parse.GetValue(_background)
                ? await StartAsync(session, sandbox, request, words, cancellationToken)
                : await RunAsync(session, sandbox, request, words, cancellationToken);
        }
        catch (SandboxException e) when (e.Error == SandboxError.CommandNotFound && request.Arguments is not null && words[0].Contains(' ', StringComparison.Ordinal))
        {
            // A line for the shell with our own options behind it, which then are the program's.
            throw new SandboxException(e.Error, e.Message, e.Target, $"Options of docker-sandbox come before the command; to give the words to a shell, add --shell: docker-sandbox exec {sandbox} --shell …", e);
        }
    }

    private async Task<int> RunAsync(Session session, Sandbox sandbox, CommandRequest request, string[] words, CancellationToken cancellationToken)
    {
        await using var input = session.Parse.GetValue(_stdin) || StandardInput.IsRedirected ? new StandardInput() : null;
        CommandExit exit;
        if (session.Json)
        {
            var result = await session.Manager.RunAsync(sandbox, request, input, session.Observer, cancellationToken);
            session.WriteDocument(CommandDocument.For(result, words, background: false), CliJson.Default.CommandDocument);
            exit = new CommandExit(result.ExitCode, result.TimedOut) { Exceeded = result.Exceeded, Killed = result.Killed };
        }
        else
        {
            exit = await session.Manager.RunAsync(sandbox, request, input, new CommandStreams(), session.Observer, cancellationToken);
            if (exit.TimedOut)
                session.Note(string.Create(CultureInfo.InvariantCulture, $"docker-sandbox: the command was killed after {request.Timeout!.Value.TotalSeconds:0.###} s{(exit.Killed is { Count: > 0 } killed ? $": {Counts.Some(killed)}" : "")}"));
            else if (exit.Exceeded is { } limit)
                session.Note($"docker-sandbox: the command was ended{LimitText.Reason(limit)}");
        }

        return exit.TimedOut ? ExitCodes.TimedOut : exit.ExitCode ?? ExitCodes.Failure;
    }

    private async Task<int> StartAsync(Session session, Sandbox sandbox, CommandRequest request, string[] words, CancellationToken cancellationToken)
    {
        // What only an agent can do is asked of it; all else works without one too.
        var options = new ProcessOptions { Tag = session.Parse.GetValue(_tag), KeepInputOpen = session.Parse.GetValue(_stdin) };
        var result = options != new ProcessOptions() || request.Timeout is not null
            ? new CommandResult { Sandbox = sandbox, Command = request.Command, ProcessId = (await session.Manager.Processes.StartAsync(sandbox, request, options, session.Observer, cancellationToken)).Id }
            : await session.Manager.StartAsync(sandbox, request, session.Observer, cancellationToken);

        if (session.Json)
            session.WriteDocument(CommandDocument.For(result, words, background: true), CliJson.Default.CommandDocument);
        else if (result.ProcessId is { } number)
            session.WriteLine(number.ToString(CultureInfo.InvariantCulture));

        return ExitCodes.Success;
    }

    private CommandRequest ReadRequest(ParseResult parse, string[] words)
    {
        var isShell = words.Length == 1 || parse.GetValue(_shell);
        return new CommandRequest
        {
            Command = isShell ? string.Join(' ', words) : words[0],
            Arguments = isShell ? null : words[1..],
            WorkingDirectory = parse.GetValue(_folder),
            Environment = parse.GetPairs(_environment),
            User = parse.GetValue(_root) ? "root" : parse.GetValue(_user),
            Timeout = parse.GetValue(_timeout) is { } timeout && timeout != Timeout.InfiniteTimeSpan ? timeout : null,
        };
    }
}
