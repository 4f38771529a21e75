using System.CommandLine;
using System.CommandLine.Parsing;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>Options and arguments that more than one verb has, so that they are named and read alike everywhere.</summary>
internal static class CommonOptions
{
    /// <summary>The word for no limit of time.</summary>
    public const string Unlimited = "unlimited";

    /// <summary>Which engine.</summary>
    public static Option<string?> Engine { get; } = new("--engine")
    {
        Description = "The Docker Engine's address, as in DOCKER_HOST: unix://, tcp:// or ssh://. Default: where the docker command looks.",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    /// <summary>Whether to answer in JSON.</summary>
    public static Option<bool> Json { get; } = Flag("--json", "Answer with one JSON document on standard output; errors are JSON on standard error.", recursive: true);

    /// <summary>Whether to say what is being done. No short form: -v is a volume.</summary>
    public static Option<bool> Verbose { get; } = Flag("--verbose", "Say on standard error what is asked of the engine.", recursive: true);

    /// <summary>Something that is either said or not. It takes no word after it, so that <c>--stdin true</c> runs the program 'true'.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="recursive">Whether all verbs below have it too.</param>
    /// <param name="aliases">Short forms.</param>
    /// <returns>The option.</returns>
    public static Option<bool> Flag(string name, string description, bool recursive = false, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero, Recursive = recursive };

    /// <summary>The sandbox that is meant.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string> Sandbox()
    {
        // Without a HelpName, help would ask the engine for what can be completed, and show that.
        var argument = new Argument<string>("ID") { HelpName = "ID", Description = "The sandbox: its name, its id, or at least 4 digits with which the id begins." };
        argument.CompletionSources.Add(Completions.Sandboxes);
        return argument;
    }

    /// <summary>The process that is meant.</summary>
    /// <param name="sandbox">The sandbox's argument.</param>
    /// <returns>The argument.</returns>
    public static Argument<string> Process(Argument<string> sandbox)
    {
        var argument = new Argument<string>("PROCESS") { HelpName = "PROCESS", Description = "The process: its number, as exec --background prints it, or its tag." };
        argument.CompletionSources.Add(context => Completions.Processes(context.ParseResult.GetValue(sandbox)));
        return argument;
    }

    /// <summary>A path in a sandbox.</summary>
    /// <param name="description">What for.</param>
    /// <returns>The argument.</returns>
    public static Argument<string> Path(string description) =>
        new("PATH") { Description = $"{description} A relative path begins in the sandbox's working directory." };

    /// <summary>Variables.</summary>
    /// <param name="description">Whose.</param>
    /// <returns>The option.</returns>
    public static Option<Dictionary<string, string>?> Environment(string description) => new("--env", "-e")
    {
        Description = $"{description} KEY alone takes the value that it has here.",
        HelpName = "KEY=VALUE",
        CustomParser = KeyValues.ParseVariables,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Notes.</summary>
    /// <param name="description">What they are for.</param>
    /// <returns>The option.</returns>
    public static Option<Dictionary<string, string>?> Metadata(string description) => new("--metadata", "-m")
    {
        Description = description,
        HelpName = "KEY=VALUE",
        CustomParser = KeyValues.Parse,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>A span of time.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it limits.</param>
    /// <param name="allowUnlimited">Whether <c>unlimited</c> may be written.</param>
    /// <param name="allowZero">Whether 0 may be written.</param>
    /// <returns>The option; null where it is not given, <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</returns>
    public static Option<TimeSpan?> Duration(string name, string description, bool allowUnlimited = false, bool allowZero = false) => new(name)
    {
        Description = $"{description} Written in {Sandboxes.Duration.Forms}{(allowUnlimited ? $", or {Unlimited}" : "")}.",
        HelpName = "TIME",
        CustomParser = result => ParseDuration(result, name, allowUnlimited, allowZero),
    };

    /// <summary>A size.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">Of what.</param>
    /// <returns>The option, in bytes; null where it is not given.</returns>
    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = $"{description} Written in {Sizes.Forms}.",
        HelpName = "SIZE",
        CustomParser = result => ParseSize(result, name),
    };

    /// <summary>One of a few words.</summary>
    /// <typeparam name="T">The words, written in any case.</typeparam>
    /// <param name="name">The option.</param>
    /// <param name="description">What it decides.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            CustomParser = result => ParseChoice<T>(result, name, words),
            CompletionSources = { words },
        };
    }

    /// <summary>How many, at least one.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">Of what.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<int?> Count(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError($"{name} needs a number from 1 on.");
        });
        return option;
    }

    /// <summary>Reads a span of time.</summary>
    /// <param name="result">The words that were given.</param>
    /// <param name="name">Of which option or argument.</param>
    /// <param name="allowUnlimited">Whether <c>unlimited</c> may be written.</param>
    /// <param name="allowZero">Whether 0 may be written.</param>
    /// <returns>The span; null, and an error, where it is none.</returns>
    public static TimeSpan? ParseDuration(ArgumentResult result, string name, bool allowUnlimited, bool allowZero = false)
    {
        var text = result.Tokens.Single().Value;
        if (Sandboxes.Duration.TryParse(text, out var span) && (span > TimeSpan.Zero || (allowZero && span == TimeSpan.Zero) || (allowUnlimited && span == Timeout.InfiniteTimeSpan)))
            return span;

        result.AddError($"{name} '{text}' is no span of time{(allowZero ? "" : " above zero")}. Write {Sandboxes.Duration.Forms}{(allowUnlimited ? $", or {Unlimited}" : "")}.");
        return null;
    }

    private static long? ParseSize(ArgumentResult result, string name)
    {
        var text = result.Tokens.Single().Value;
        if (Sizes.TryParse(text, out var bytes))
            return bytes;

        result.AddError($"{name} '{text}' is no size. Write {Sizes.Forms}.");
        return null;
    }

    private static T? ParseChoice<T>(ArgumentResult result, string name, string[] words)
        where T : struct, Enum
    {
        var text = result.Tokens.Single().Value;
        if (words.Contains(text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse<T>(text, ignoreCase: true);

        result.AddError($"{name} '{text}' is not among {string.Join(", ", words)}.");
        return null;
    }

    /// <summary>The pairs of an option that may be repeated.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="option">The option.</param>
    /// <returns>The pairs; empty where there are none.</returns>
    public static IReadOnlyDictionary<string, string> GetPairs(this ParseResult parse, Option<Dictionary<string, string>?> option) =>
        parse.GetValue(option) ?? new Dictionary<string, string>();

    /// <summary>The sandbox that an argument names.</summary>
    /// <param name="text">What was given.</param>
    /// <returns>The reference.</returns>
    /// <exception cref="SandboxException">The text is empty, as of a variable that was never set.</exception>
    public static SandboxReference ToReference(string text) =>
        string.IsNullOrWhiteSpace(text)
            ? throw new SandboxException(SandboxError.InvalidOption, "The sandbox's name or id is empty.", text, "Is the variable set that it was to come from?")
            : new SandboxReference(text);

    /// <summary>The process that an argument names.</summary>
    /// <param name="text">What was given.</param>
    /// <returns>The reference.</returns>
    /// <exception cref="SandboxException">The text is empty, as of a variable that was never set.</exception>
    public static ProcessReference ToProcess(string text) =>
        string.IsNullOrWhiteSpace(text)
            ? throw new SandboxException(SandboxError.InvalidOption, "The process's number or tag is empty.", text, "Is the variable set that it was to come from?")
            : new ProcessReference(text);
}
