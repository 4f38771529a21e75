namespace FlourishaSandbox.Agent.Tests;

/// <summary>For tests that measure: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
