using System.Management.Automation;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Gives what was done to sandboxes from this machine, the oldest first, also to those that are gone.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxEvent", DefaultParameterSetName = ListSet)]
[OutputType(typeof(SandboxEvent))]
public sealed class GetSandboxEventCommand : SandboxCmdlet
{
    private const string ListSet = "List";
    private const string FollowSet = "Follow";

    private readonly List<SandboxReference> _sandboxes = [];

    /// <summary>Sandboxes, names (with wildcards) or ids. All where none is given; they need not be there any more.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Only these actions, with wildcards: create, exec, copy-*, remove and so on.</summary>
    [Parameter(HelpMessage = "Only these actions, with wildcards.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Action { get; set; } = [];

    /// <summary>Only what was done then or later.</summary>
    [Parameter(HelpMessage = "Only what was done then or later.")]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only what was done then or earlier.</summary>
    [Parameter(HelpMessage = "Only what was done then or earlier.")]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Only what this owner did.</summary>
    [Parameter(HelpMessage = "Only what this owner did.")]
    [ValidateNotNullOrEmpty]
    public string? Owner { get; set; }

    /// <summary>Only what failed, was given up, ran out of time or never ended, and commands with an exit code other than 0.</summary>
    [Parameter(HelpMessage = "Only what did not succeed.")]
    public SwitchParameter Failed { get; set; }

    /// <summary>Also what the Docker Engine tells of sandboxes: that they died, were ended for want of memory, and so on.</summary>
    [Parameter(HelpMessage = "Also what the Docker Engine tells of sandboxes.")]
    public SwitchParameter Engine { get; set; }

    /// <summary>Only so many of the oldest.</summary>
    [Parameter(ParameterSetName = ListSet, HelpMessage = "Only so many of the oldest.")]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Only so many of the newest.</summary>
    [Parameter(ParameterSetName = ListSet, HelpMessage = "Only so many of the newest.")]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>From now on, each as soon as it has ended, until Ctrl+C.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FollowSet, HelpMessage = "From now on, as it happens.")]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _sandboxes.AddRange(Sandbox);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            WriteVerbose($"Reading '{Manager.Events.Path}'.");
            if (Follow)
                Await(FollowAsync);
            else
                WriteList(Await(token => Manager.Events.ListAsync(ReadFilter(), Engine, token)));
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    private void WriteList(IReadOnlyList<SandboxEvent> events)
    {
        var wanted = events.TakeLast(Last ?? int.MaxValue).Take(First ?? int.MaxValue);
        WriteObject(wanted, enumerateCollection: true);
    }

    private async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var one in Manager.Events.FollowAsync(ReadFilter(), Engine, cancellationToken).ConfigureAwait(false))
            Post(() => WriteObject(one));

        return true;
    }

    private SandboxEventFilter ReadFilter()
    {
        var sandboxes = _sandboxes.Select(ToCondition).ToList();
        var actions = Action.Select(ToPattern).ToList();
        return new SandboxEventFilter
        {
            Sandbox = sandboxes.Count == 0 ? null : (name, id) => sandboxes.Exists(condition => condition(name, id)),
            Action = actions.Count == 0 ? null : action => actions.Exists(pattern => pattern.IsMatch(action)),
            Since = Since,
            Until = Until,
            Owner = Owner,
            Failed = Failed,
        };
    }

    // An object means itself and not a later one of the same name. Creating has no id until it succeeded, so the name helps out.
    private static Func<string, string?, bool> ToCondition(SandboxReference reference)
    {
        if (reference.Sandbox is { } sandbox)
            return (name, id) => id is null ? name == sandbox.Name : id == sandbox.Id;

        var pattern = ToPattern(reference.Text);
        return (name, id) => pattern.IsMatch(name) || (reference.Text.Length >= 4 && id?.StartsWith(reference.Text, StringComparison.Ordinal) == true);
    }

    private static WildcardPattern ToPattern(string text) => WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
