using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Has sandboxes wait, warm, until New-Sandbox claims them.</summary>
[Cmdlet(VerbsCommon.Set, "SandboxPool", DefaultParameterSetName = TemplateSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxPool))]
public sealed class SetSandboxPoolCommand : SandboxCmdlet
{
    private const string TemplateSet = "Template";
    private const string ImageSet = "Image";

    /// <summary>The template that they are made from.</summary>
    [Parameter(Position = 0, ParameterSetName = TemplateSet, HelpMessage = "The template that they are made from.")]
    [ArgumentCompleter(typeof(TemplateNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Template { get; set; }

    /// <summary>The image that they are made from, instead of a template.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ImageSet, HelpMessage = "The image that they are made from.")]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>How many shall wait, 0 to 1,000.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = TemplateSet, HelpMessage = "How many shall wait.")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ImageSet, HelpMessage = "How many shall wait.")]
    [ValidateRange(0, PoolDefinition.MostMembers)]
    public int Size { get; set; }

    /// <summary>Memory in bytes; 2GB where nothing is said, here or in the configuration. A sandbox with other memory is made anew.</summary>
    [Parameter(HelpMessage = "Memory in bytes, for example 512MB.")]
    public long? Memory { get; set; }

    /// <summary>CPU cores; 2 where nothing is said. A claim changes them where it wants others.</summary>
    [Parameter(HelpMessage = "CPU cores, for example 0.5.")]
    public double? Cpu { get; set; }

    /// <summary>Processes at once; 256 where nothing is said. A claim changes them where it wants others.</summary>
    [Parameter(HelpMessage = "Processes at once.")]
    public int? PidLimit { get; set; }

    /// <summary>How hard they are closed.</summary>
    [Parameter(HelpMessage = "How hard they are closed.")]
    public IsolationLevel? Isolation { get; set; }

    /// <summary>What they can reach; Isolated where nothing is said, None with -Isolation Strict.</summary>
    [Parameter(HelpMessage = "What they can reach.")]
    public NetworkPolicy? Network { get; set; }

    /// <summary>Gives the pool as it is then.</summary>
    [Parameter(HelpMessage = "Gives the pool as it is then.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var defaults = Manager.Settings.Defaults;
        var options = defaults.MadeFrom(Template, Image, checkpoint: null).Closed(Isolation, Network, allowHosts: null, denyHosts: null) with
        {
            Limits = defaults.Limits with { Memory = Memory ?? defaults.Limits.Memory, Cpus = Cpu ?? defaults.Limits.Cpus, PidLimit = PidLimit ?? defaults.Limits.PidLimit },
        };
        var definition = PoolDefinition.From(options, Size);
        try
        {
            definition.Validate();
            if (ShouldProcess(definition.Name, $"Have {Size} sandboxes wait"))
            {
                var pool = Await(token => Manager.Pools.SetAsync(definition, Observer, token));
                if (PassThru)
                    WriteObject(pool);
            }
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
