namespace FlourishaSandbox.Browser.Suites;

/// <summary>A picture that a check took.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Path">The PNG file, with its whole path.</param>
/// <param name="IsEvidence">Whether it was taken because something failed; else the suite asks for it.</param>
public sealed record AppTestPicture(string Name, string Path, bool IsEvidence)
{
    /// <summary>The file.</summary>
    /// <returns><see cref="Path"/>.</returns>
    public override string ToString() => Path;
}
