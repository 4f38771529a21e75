using System.Globalization;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the numbers of the processes of the sandbox that has been typed.</summary>
public sealed class ProcessIdCompleter : ProcessCompleter
{
    private protected override string? NameOf(SandboxProcess process) => process.Id.ToString(CultureInfo.InvariantCulture);
}
