namespace FlourishaSandbox.Core.Tests;

/// <summary>For tests that measure what the whole process does: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
