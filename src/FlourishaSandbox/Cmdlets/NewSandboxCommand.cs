using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Makes sandboxes and starts them.</summary>
[Cmdlet(VerbsCommon.New, "Sandbox", DefaultParameterSetName = TemplateSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Sandbox))]
public sealed class NewSandboxCommand : FanOutCmdlet
{
    private const string TemplateSet = "Template";
    private const string ImageSet = "Image";
    private const string CheckpointSet = "Checkpoint";

    // Made, but not handed on: a later cmdlet may want no more, or fail.
    private readonly ConcurrentDictionary<Sandbox, bool> _unwritten = new();

    /// <summary>The template to make it from. Its image is built when it is first needed.</summary>
    [Parameter(Position = 0, ParameterSetName = TemplateSet, HelpMessage = "The template to make it from.")]
    [ArgumentCompleter(typeof(TemplateNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Template { get; set; }

    /// <summary>The image to make it from. It is pulled where the engine does not have it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ImageSet, HelpMessage = "The image to make it from.")]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>The checkpoint to make it from: the name that Checkpoint-Sandbox gave it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CheckpointSet, HelpMessage = "The checkpoint to make it from.")]
    [ArgumentCompleter(typeof(CheckpointNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Checkpoint { get; set; }

    /// <summary>The name; one is made up where none is given. With -Count, '-1', '-2' and so on are added.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The name; one is made up where none is given.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How many to make, side by side.</summary>
    [Parameter(HelpMessage = "How many to make.")]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>Memory in bytes; 2GB where nothing is said or configured.</summary>
    [Parameter(HelpMessage = "Memory in bytes, for example 512MB.")]
    public long? Memory { get; set; }

    /// <summary>CPU cores; 2 where nothing is said or configured.</summary>
    [Parameter(HelpMessage = "CPU cores, for example 0.5.")]
    public double? Cpu { get; set; }

    /// <summary>Processes at once; 256 where nothing is said or configured.</summary>
    [Parameter(HelpMessage = "Processes at once.")]
    public int? PidLimit { get; set; }

    /// <summary>What it may write to its disk, in bytes; 10GB where nothing is said, 0 for no limit of its own.</summary>
    [Parameter(HelpMessage = "What it may write to its disk, in bytes, for example 20GB; 0 for no limit.")]
    public long? Disk { get; set; }

    /// <summary>What each of its commands may write to its output, in bytes; no limit where nothing is said.</summary>
    [Parameter(HelpMessage = "What each command may write to its output, in bytes, for example 64MB.")]
    public long? OutputLimit { get; set; }

    /// <summary>How hard it is closed.</summary>
    [Parameter(HelpMessage = "How hard it is closed.")]
    public IsolationLevel? Isolation { get; set; }

    /// <summary>What it can reach; Isolated where nothing is said, None with -Isolation Strict.</summary>
    [Parameter(HelpMessage = "What it can reach.")]
    public NetworkPolicy? Network { get; set; }

    /// <summary>Hosts that it may reach by HTTP and HTTPS, and no others: example.com, or *.example.com for all below.</summary>
    [Parameter(HelpMessage = "Hosts that it may reach, and no others: example.com or *.example.com.")]
    public string[]? AllowHost { get; set; }

    /// <summary>Hosts that it may not reach, in the same form.</summary>
    [Parameter(HelpMessage = "Hosts that it may not reach: example.com or *.example.com.")]
    public string[]? DenyHost { get; set; }

    /// <summary>The OCI runtime, such as runsc; the engine's own choice where nothing is said.</summary>
    [Parameter(HelpMessage = "The OCI runtime, such as runsc.")]
    [ValidateNotNullOrEmpty]
    public string? Runtime { get; set; }

    /// <summary>Environment variables of all its processes.</summary>
    [Parameter(HelpMessage = "Environment variables.")]
    public IDictionary? Environment { get; set; }

    /// <summary>Notes that it can be found by.</summary>
    [Parameter(HelpMessage = "Notes that it can be found by.")]
    public IDictionary? Metadata { get; set; }

    /// <summary>TCP ports to publish beside the template's.</summary>
    [Parameter(HelpMessage = "TCP ports to publish beside the template's.")]
    public int[] Port { get; set; } = [];

    /// <summary>By which way its ports are reached; Port where nothing is said or configured.</summary>
    [Parameter(HelpMessage = "By which way its ports are reached.")]
    public HostRouting? Routing { get; set; }

    /// <summary>Has the gateway let only those to its ports who have their token.</summary>
    [Parameter(HelpMessage = "Has the gateway let only those to its ports who have their token.")]
    public SwitchParameter Private { get; set; }

    /// <summary>How long it lives: seconds, 1h30m, 00:30:00 or unlimited; 1 hour where nothing is said or configured.</summary>
    [Parameter(HelpMessage = "How long it lives: seconds, 1h30m, 00:30:00 or unlimited.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>What becomes of it at its deadline.</summary>
    [Parameter(HelpMessage = "What becomes of it at its deadline.")]
    public TimeoutAction? OnTimeout { get; set; }

    /// <summary>The folder in which commands start.</summary>
    [Parameter(HelpMessage = "The folder in which commands start.")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>The user whom commands run as.</summary>
    [Parameter(HelpMessage = "The user whom commands run as.")]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Storage from outside: NAME:/target or host:/folder:/target, with ':rw' to make it writable.</summary>
    [Parameter(HelpMessage = "NAME:/target or host:/folder:/target, with ':rw' to make it writable.")]
    public string[] Volume { get; set; } = [];

    /// <summary>Makes it anew even where one waits in a pool.</summary>
    [Parameter(HelpMessage = "Makes it anew even where one waits in a pool.")]
    public SwitchParameter NoPool { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            foreach (var options in ReadOptions().Repeat(Count))
                Create(options);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !_unwritten.IsEmpty)
            Finish(() => PipelineLedger.RemoveAsync(_unwritten.Keys.Select(sandbox => (Manager, sandbox))));
    }

    private SandboxOptions ReadOptions()
    {
        var defaults = Manager.Settings.Defaults;
        return defaults.MadeFrom(Template, Image, Checkpoint).Closed(Isolation, Network, AllowHost, DenyHost) with
        {
            Name = Name,
            Limits = defaults.Limits with
            {
                Memory = Memory ?? defaults.Limits.Memory,
                Cpus = Cpu ?? defaults.Limits.Cpus,
                PidLimit = PidLimit ?? defaults.Limits.PidLimit,
                Disk = Disk is 0 ? null : Disk ?? defaults.Limits.Disk,
                Output = OutputLimit is 0 ? null : OutputLimit ?? defaults.Limits.Output,
            },
            Runtime = Runtime ?? defaults.Runtime,
            Timeout = Timeout ?? defaults.Timeout,
            OnTimeout = OnTimeout ?? defaults.OnTimeout,
            Environment = Environment.ToText(),
            Metadata = Metadata.ToText(),
            Ports = Port,
            Routing = Routing ?? defaults.Routing,
            Private = Private,
            WorkingDirectory = WorkingDirectory,
            User = User,
            NoPool = NoPool,
            Volumes = [.. Volume.Select(SandboxVolume.Parse)],
        };
    }

    private void Create(SandboxOptions options)
    {
        var origin = options.Image ?? options.Checkpoint ?? options.Template ?? SandboxOptions.DefaultTemplate;
        if (!ShouldProcess(options.Name ?? "a new sandbox", $"Create from '{origin}'"))
            return;

        FanOut(async cancellationToken =>
        {
            var sandbox = await Manager.CreateAsync(options, Observer, cancellationToken).ConfigureAwait(false);
            _unwritten[sandbox] = true;
            WriteDown(sandbox);
            return () =>
            {
                _unwritten.TryRemove(sandbox, out _);
                WriteObject(sandbox);
            };
        });
    }
}
