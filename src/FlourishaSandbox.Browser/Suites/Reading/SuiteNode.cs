namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>A piece of a suite's file, whichever language it was written in, with the line that it began at.</summary>
/// <param name="Line">Its line, from 1.</param>
internal abstract record SuiteNode(int Line)
{
    /// <summary>What it is, as the end of "is …".</summary>
    public abstract string Kind { get; }
}
