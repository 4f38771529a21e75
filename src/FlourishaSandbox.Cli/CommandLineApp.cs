using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Cli.Verbs;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli;

/// <summary>The command line as a whole: which verbs there are, and what happens with a wrong call.</summary>
internal static class CommandLineApp
{
    private const string Description = """
        Makes disposable, isolated sandboxes on a Docker Engine, runs commands in them, and takes them away again.

        Ids and addresses go to standard output, everything else to standard error, so that ID=$(docker-sandbox init) works.
        Exit codes: that of the command for exec; 2 for a wrong call, 3 for something that does not exist, 4 for something in the way,
        5 for an engine that fails, 124 for a time-out, 127 for a missing program, 130 after Ctrl+C, 1 for the rest.
        """;

    /// <summary>Reads the command line and does what it says.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var root = CreateRoot();
            if (CompanionCall.Find(root, args) is var (verb, words))
                return await CompanionCall.RunAsync(verb, words);

            var parse = Parse(root, args);
            return parse.Action is ParseErrorAction ? ReportUsage(parse) : await InvokeAsync(parse);
        }
        catch (ClosedOutputException)
        {
            return ExitCodes.ClosedOutput;
        }
    }

    /// <summary>The verbs and the options that hold for all of them.</summary>
    /// <returns>The root.</returns>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand(Description)
        {
            new InitVerb(),
            new ExecVerb(),
            new PsVerb(),
            new LogsVerb(),
            new WaitVerb(),
            new StopVerb(),
            new StdinVerb(),
            new ConnectVerb(),
            new Command("files", "Works with files in a sandbox.")
            {
                new LsVerb("files "), new FilesReadVerb(), new FilesWriteVerb(), new FilesEditVerb(), new FilesExistsVerb(), new FilesInfoVerb(), new FilesMkdirVerb(), new FilesMvVerb(),
                new FilesRmVerb(), new FilesWatchVerb(), new UploadVerb("files "), new DownloadVerb("files "), new FilesUploadDirVerb(), new FilesDownloadDirVerb(),
            },
            new LsVerb(),
            new UploadVerb(),
            new DownloadVerb(),
            new PauseVerb(),
            new ResumeVerb(),
            new HaltVerb(),
            new StartVerb(),
            new ForkVerb(),
            new CheckpointVerb(),
            new Command("checkpoints", "Lists and removes checkpoints.") { new CheckpointsListVerb(), new CheckpointsRemoveVerb() },
            new KillVerb(),
            new GetHostVerb(),
            new ServeVerb(),
            new Command("gateway", "Runs the gateway in the background.") { new GatewayStartVerb(), new GatewayStopVerb(), new GatewayStatusVerb() },
            new Command("traefik", "Writes configuration for Traefik.") { new TraefikExportVerb() },
            new ListVerb(),
            new InfoVerb(),
            new SetVerb(),
            new ExtendLifetimeVerb(),
            new MetricsVerb(),
            new LimitVerb(),
            new TestIsolationVerb(),
            new CompanionVerb("browser", "Opens apps in a browser, which is in a sandbox too, and does what their users do.", Companion.Browser),
            new CompanionVerb("test", "Runs the suite that is kept beside an app against the app in a sandbox, also in a browser.", Companion.Browser),
            new CleanupVerb { new CleanupScheduleVerb(), new CleanupUnscheduleVerb() },
            new EventsVerb(),
            new Command("firewall", "Closes the engine's machine to sandboxes, by rules of its firewall.") { new FirewallInstallVerb(), new FirewallRemoveVerb(), new FirewallStatusVerb() },
            new Command("images", "Builds and lists images.") { new ImagesBuildVerb(), new ImagesListVerb() },
            new Command("pool", "Has sandboxes wait, warm, so that making one takes milliseconds.") { new PoolSetVerb(), new PoolListVerb(), new PoolClearVerb(), new PoolServeVerb(), new PoolRegisterVerb(), new PoolUnregisterVerb() },
            new Command("templates", "Lists templates.") { new TemplatesListVerb() },
            new Command("config", "Shows and changes settings.") { new ConfigListVerb(), new ConfigGetVerb(), new ConfigSetVerb(), new ConfigUnsetVerb() },
            new CompletionVerb(),
            CommonOptions.Engine,
            CommonOptions.Json,
            CommonOptions.Verbose,
        };

        // Not the parser's own, which takes /h and /? for help too, and those are paths.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h", "-?");
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Add(help);
        return root;
    }

    /// <summary>Reads a command line.</summary>
    /// <param name="root">The verbs.</param>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>What they mean.</returns>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args)
    {
        var exec = root.Subcommands.OfType<ExecVerb>().Single();

        // No response files: '@name' is a word like any other, above all in a command for a sandbox.
        return root.Parse(ExecWords.Protect(root, exec, args), new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static async Task<int> InvokeAsync(ParseResult parse)
    {
        // Help and version are the parser's to write; what verbs write does not come this way.
        await using var writer = new StreamWriter(StandardStream.Output);
        return await parse.InvokeAsync(new InvocationConfiguration
        {
            Output = writer,

            // Verbs handle signals and failures themselves: the default would give a signal two seconds and print a stack trace.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    private static int ReportUsage(ParseResult parse)
    {
        var path = parse.CommandResult.Command is RootCommand ? "docker-sandbox" : $"docker-sandbox {CommandPath.Of(parse.CommandResult.Command)}";
        var problem = parse.UnmatchedTokens.Count > 0
            ? $"'{parse.UnmatchedTokens[0]}' is not understood here."
            : string.Join(' ', parse.Errors.Select(error => error.Message).Distinct());
        new ErrorReport(parse.GetValue(CommonOptions.Json)).Write(new SandboxException(SandboxError.InvalidOption, problem, remedy: $"See '{path} --help'."));
        return SandboxError.InvalidOption.ExitCode();
    }
}
