namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>Keys with values, in the order of the file.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Entries">The keys, each once, and their values.</param>
internal sealed record SuiteMap(int Line, IReadOnlyList<SuiteEntry> Entries) : SuiteNode(Line)
{
    /// <inheritdoc/>
    public override string Kind => "a group of keys";
}
