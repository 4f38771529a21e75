using System.CommandLine;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>What the verbs about settings have in common.</summary>
internal static class SettingOptions
{
    /// <summary>The setting that is meant.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string> Name()
    {
        var argument = new Argument<string>("NAME") { HelpName = "NAME", Description = "The setting, such as limits.memory; 'config list' shows all." };
        argument.CompletionSources.Add(_ => SandboxConfiguration.Names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        return argument;
    }

    /// <summary>For whom a file holds.</summary>
    /// <returns>The option.</returns>
    public static Option<bool> Machine() => CommonOptions.Flag("--machine", "For everybody on this machine, instead of for this user.");

    /// <summary>The file that is to be changed.</summary>
    /// <param name="isMachine">Whether the machine's is meant.</param>
    /// <returns>Its scope and its path.</returns>
    public static (ConfigurationScope Scope, string Path) File(bool isMachine)
    {
        var scope = isMachine ? ConfigurationScope.Machine : ConfigurationScope.User;
        return (scope, ConfigurationFiles.Current.Require(scope));
    }
}
