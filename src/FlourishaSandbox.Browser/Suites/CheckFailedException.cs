namespace FlourishaSandbox.Browser.Suites;

/// <summary>A check that did not come out as the suite expects. It says what was there instead, becomes a result, and never leaves the runner.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="innerException">The cause, where there is one.</param>
internal sealed class CheckFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
