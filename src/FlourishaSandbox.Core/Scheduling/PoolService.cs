namespace FlourishaSandbox.Scheduling;

/// <summary>A service of this machine that keeps pools full.</summary>
public sealed record PoolService
{
    /// <summary>The file in which it is written down.</summary>
    public required string Location { get; init; }

    /// <summary>What is run.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The file's text: also the variables that it is run with, as they were when it was written down.</summary>
    public required string Text { get; init; }

    /// <summary>What starts it, now and with the machine or the user's session; null where that has been done, as it is where systemd runs.</summary>
    public string? StartCommand { get; init; }

    /// <summary>The place.</summary>
    /// <returns>For example <c>/etc/systemd/system/flourisha-pool.service</c>.</returns>
    public override string ToString() => Location;
}
