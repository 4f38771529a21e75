using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlourishaSandbox.Browser.Cli.Verbs;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli;

/// <summary>The part of docker-sandbox's command line that needs a browser: docker-sandbox hands these verbs over as they were typed.</summary>
internal static class BrowserCommandLine
{
    /// <summary>Reads the command line and does what it says.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            // No response files: '@name' is a word like any other, above all in what is typed into a page.
            var parse = CreateRoot().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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
        var root = new RootCommand("The verbs of docker-sandbox that need a browser.")
        {
            new Command("browser", "Opens apps in a browser, which is in a sandbox too, and does what their users do. Pages stay from one call to the next.")
            {
                new BrowserStartVerb(), new BrowserNavVerb(), new BrowserListVerb(),
                new BrowserClickVerb(), new BrowserTypeVerb(), new BrowserPressVerb(), new BrowserSelectVerb(), new BrowserHoverVerb(), new BrowserScrollVerb(), new BrowserWaitVerb(),
                new BrowserTextVerb(), new BrowserA11yVerb(), new BrowserDomVerb(), new BrowserConsoleVerb(), new BrowserEvalVerb(),
                new BrowserScreenshotVerb(), new BrowserPdfVerb(), new BrowserCloseVerb(),
            },
            new TestVerb(),
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

    private static async Task<int> InvokeAsync(ParseResult parse)
    {
        await using var writer = new StreamWriter(StandardStream.Output);
        return await parse.InvokeAsync(new InvocationConfiguration { Output = writer, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static int ReportUsage(ParseResult parse)
    {
        var problem = parse.UnmatchedTokens.Count > 0
            ? $"'{parse.UnmatchedTokens[0]}' is not understood here."
            : string.Join(' ', parse.Errors.Select(error => error.Message).Distinct());
        var path = $"docker-sandbox {CommandPath.Of(parse.CommandResult.Command)}".TrimEnd();
        new ErrorReport(parse.GetValue(CommonOptions.Json)).Write(new SandboxException(SandboxError.InvalidOption, problem, remedy: $"See '{path} --help'."));
        return SandboxError.InvalidOption.ExitCode();
    }
}
