using System.Globalization;
using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Sets how long sandboxes live, and what they may use, while they run.</summary>
[Cmdlet(VerbsCommon.Set, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Sandbox))]
public sealed class SetSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>How long they live from now on, whatever their deadline was: seconds, 1h30m, 01:30:00 or unlimited.</summary>
    [Parameter(Position = 1, HelpMessage = "How long they live from now on: seconds, 1h30m or unlimited.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Memory in bytes from now on; not less than they use.</summary>
    [Parameter(HelpMessage = "Memory in bytes, for example 512MB.")]
    public long? Memory { get; set; }

    /// <summary>CPU cores from now on.</summary>
    [Parameter(HelpMessage = "CPU cores, for example 0.5.")]
    public double? Cpu { get; set; }

    /// <summary>Processes at once from now on; those that run already may stay.</summary>
    [Parameter(HelpMessage = "Processes at once.")]
    public int? PidLimit { get; set; }

    /// <summary>Gives the sandboxes as they are now.</summary>
    [Parameter(HelpMessage = "Gives the sandboxes as they are now.")]
    public SwitchParameter PassThru { get; set; }

    private LimitChange Change => new() { Memory = Memory, Cpus = Cpu, PidLimit = PidLimit };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            if (Timeout is null && Change.IsEmpty)
                throw new SandboxException(SandboxError.InvalidOption, "Nothing is to be set.", remedy: "Give -Timeout, -Memory, -Cpu or -PidLimit.");

            // Before anything is changed: the one value may be right and the other wrong.
            Change.Validate();
            if (Timeout is { } timeout)
                SandboxOptions.ValidateTimeout(timeout);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", Describe()))
                Set(sandbox);
        }
    }

    private string Describe()
    {
        List<string> parts = [];
        if (Timeout is { } timeout)
            parts.Add(timeout == System.Threading.Timeout.InfiniteTimeSpan ? "Let it live without an end" : $"Let it live for {Duration.Describe(timeout)} from now");

        if (Memory is { } memory)
            parts.Add($"Give it {Display.Size(memory)} of memory");

        if (Cpu is { } cpu)
            parts.Add(string.Create(CultureInfo.CurrentCulture, $"Give it {cpu:0.##} CPUs"));

        if (PidLimit is { } pids)
            parts.Add($"Give it {pids} processes");

        return string.Join(". ", parts);
    }

    private void Set(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        // What can be refused goes first.
        var changed = Change.IsEmpty ? sandbox : await Manager.Limits.ChangeAsync(sandbox, Change, Observer, cancellationToken).ConfigureAwait(false);
        if (Timeout is { } timeout)
            changed = await Manager.SetTimeoutAsync(changed, timeout, Observer, cancellationToken).ConfigureAwait(false);

        return () =>
        {
            if (PassThru)
                WriteObject(changed);
        };
    });
}
