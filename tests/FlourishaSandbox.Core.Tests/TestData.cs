using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests;

/// <summary>Sandboxes that exist on no engine.</summary>
internal static class TestData
{
    public static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static Sandbox Sandbox(
        string name = "one",
        string? id = null,
        SandboxState state = SandboxState.Running,
        string owner = "me@here",
        TimeSpan? age = null,
        TimeSpan? rest = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        HostRouting routing = HostRouting.Port,
        params SandboxPort[] ports) => new()
        {
            Id = id ?? new string('a', 64),
            Name = name,
            State = state,
            Image = "image:1",
            Owner = owner,
            CreatedAt = Now - (age ?? TimeSpan.FromMinutes(1)),
            Deadline = rest is null ? null : Now + rest,
            WorkingDirectory = "/workspace",
            Metadata = metadata ?? new Dictionary<string, string>(),
            Routing = routing,
            Ports = ports,
            Engine = "fake://engine",
        };
}
