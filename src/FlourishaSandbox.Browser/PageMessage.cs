namespace FlourishaSandbox.Browser;

/// <summary>Something that a page wrote to its console, or that was kept from it.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind"><c>log</c>, <c>info</c>, <c>warning</c>, <c>error</c> and the like; <c>exception</c>; or <c>dialog</c>, <c>popup</c> and <c>download</c> for what was refused.</param>
/// <param name="Text">What, as the page says: hostile. At most 2,000 characters.</param>
/// <param name="Source">The script and line; null where nobody says.</param>
public sealed record PageMessage(DateTimeOffset Time, string Kind, string Text, string? Source)
{
    /// <summary>As a line.</summary>
    /// <returns>For example <c>[error] no such thing</c>.</returns>
    public override string ToString() => $"[{Kind}] {Text}";
}
