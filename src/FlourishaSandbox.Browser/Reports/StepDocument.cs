namespace FlourishaSandbox.Browser.Reports;

/// <summary>A step as JSON has it.</summary>
internal sealed record StepDocument(string Text, string Status, double Duration);
