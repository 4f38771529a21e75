using System.Collections;
using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Writes a setting into a configuration file, or takes it out.</summary>
[Cmdlet(VerbsCommon.Set, "SandboxConfiguration", DefaultParameterSetName = ValueSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ConfigurationEntry))]
public sealed class SetSandboxConfigurationCommand : PSCmdlet
{
    private const string ValueSet = "Value";
    private const string RemoveSet = "Remove";

    /// <summary>The setting.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "The setting.")]
    [ArgumentCompleter(typeof(ConfigurationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Its value: a text such as 4GB or 1h30m, a number, $true or $false, or a list; $null takes it out.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ValueSet, ValueFromPipelineByPropertyName = true, HelpMessage = "Its value; $null takes it out.")]
    [ArgumentCompleter(typeof(ConfigurationValueCompleter))]
    [AllowNull]
    public object? Value { get; set; }

    /// <summary>Takes it out of the file, so that what is below counts again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemoveSet, HelpMessage = "Takes it out of the file.")]
    public SwitchParameter Remove { get; set; }

    /// <summary>For whom it holds: User where nothing is said.</summary>
    [Parameter(HelpMessage = "For whom it holds.")]
    public ConfigurationScope Scope { get; set; }

    /// <summary>Gives the setting as it is then, wherever its value comes from.</summary>
    [Parameter(HelpMessage = "Gives the setting as it is then.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            Change(ConfigurationFiles.Current.Require(Scope));
        }
        catch (SandboxException e)
        {
            WriteError(e.ToErrorRecord());
        }
    }

    private void Change(string path)
    {
        var setting = Remove || Value is null ? null : ConfigurationWriter.Check(Name, Plain(Value)!);
        if (!ShouldProcess(path, setting is null ? $"Take out {Name}" : $"Set {setting}"))
            return;

        if (setting is null)
            ConfigurationWriter.Remove(path, Name);
        else
            ConfigurationWriter.Set(path, setting);

        var now = SandboxConfiguration.Load().Get(Name);
        if (now.IsAbove(Scope))
            WriteWarning($"{now.Name} is '{now.Text}' nevertheless: {now.Location} goes above {path}.");

        if (PassThru)
            WriteObject(now);
    }

    // PowerShell wraps what comes out of a pipeline, and what is in a list.
    private static object? Plain(object? value) => value switch
    {
        PSObject { BaseObject: var inner } => Plain(inner),
        string => value,
        IDictionary pairs => pairs.Keys.Cast<object>().ToDictionary(key => key, key => Plain(pairs[key])),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToArray(),
        _ => value,
    };
}
