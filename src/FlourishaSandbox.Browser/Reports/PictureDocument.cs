namespace FlourishaSandbox.Browser.Reports;

/// <summary>A picture as JSON has it.</summary>
internal sealed record PictureDocument(string Name, string Path, bool IsEvidence);
