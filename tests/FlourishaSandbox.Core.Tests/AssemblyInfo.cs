// Engine tests mostly wait for the engine, so four at once even where there are two processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
