using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the tags of the processes of the sandbox that has been typed.</summary>
public sealed class ProcessTagCompleter : ProcessCompleter
{
    private protected override string? NameOf(SandboxProcess process) => process.Tag;
}
