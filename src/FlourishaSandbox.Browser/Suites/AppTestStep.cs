namespace FlourishaSandbox.Browser.Suites;

/// <summary>A step of a check, as it was made.</summary>
/// <param name="Text">What it does, such as <c>click button "5"</c>.</param>
/// <param name="Status">How it came out; those after one that failed are skipped.</param>
/// <param name="Duration">How long it took.</param>
public sealed record AppTestStep(string Text, AppTestStatus Status, TimeSpan Duration)
{
    /// <summary>The step.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
