namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>A list.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Items">What is in it.</param>
internal sealed record SuiteList(int Line, IReadOnlyList<SuiteNode> Items) : SuiteNode(Line)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}
