// The agent is a Linux program.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Most of these tests wait, so four at once even where there are two processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
