using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Says what is set, and by whom: by nobody, a file or an environment variable.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxConfiguration")]
[OutputType(typeof(ConfigurationEntry))]
public sealed class GetSandboxConfigurationCommand : PSCmdlet
{
    /// <summary>Names of settings, with wildcards; all where nothing is said.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "Names of settings, with wildcards.")]
    [ArgumentCompleter(typeof(ConfigurationNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var configuration = SandboxConfiguration.Load();
            foreach (var name in Name)
                Write(configuration, name);
        }
        catch (SandboxException e)
        {
            // A file or a variable that cannot be used: no value is certain any more.
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    private void Write(SandboxConfiguration configuration, string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            WriteObject(configuration.Entries.Where(entry => pattern.IsMatch(entry.Name)), enumerateCollection: true);
            return;
        }

        try
        {
            WriteObject(configuration.Get(name));
        }
        catch (SandboxException e)
        {
            WriteError(e.ToErrorRecord());
        }
    }
}
