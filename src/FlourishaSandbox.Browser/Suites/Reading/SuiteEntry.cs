namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>A key and its value.</summary>
/// <param name="Line">The key's line, from 1.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
internal sealed record SuiteEntry(int Line, string Key, SuiteNode Value);
