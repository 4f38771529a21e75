namespace FlourishaSandbox.Benchmarks;

/// <summary>Tells what goes on, beside the results: on standard error.</summary>
internal static class Progress
{
    /// <summary>Says a line.</summary>
    public static void Say(string line) => Console.Error.WriteLine($"  … {line}");
}
