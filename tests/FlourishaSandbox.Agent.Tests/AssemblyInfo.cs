using System.Runtime.Versioning;

// Most of these tests wait, so four at once even where there are two processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: SupportedOSPlatform("linux")]
