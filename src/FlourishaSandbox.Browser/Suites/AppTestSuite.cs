using FlourishaSandbox.Browser.Suites.Reading;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>Checks of an app, as a file beside it describes them.</summary>
public sealed class AppTestSuite
{
    internal AppTestSuite(string path, SuiteContent content)
    {
        Path = path;
        Content = content;
    }

    /// <summary>The file, with its whole path.</summary>
    public string Path { get; }

    /// <summary>Its name.</summary>
    public string Name => Content.Name;

    /// <summary>The names of its checks, in the order in which they are made.</summary>
    public IReadOnlyList<string> CheckNames => [.. Content.Checks.Select(check => check.Name)];

    /// <summary>The tags that its checks have.</summary>
    public IReadOnlyList<string> TagNames => [.. Content.Checks.SelectMany(check => check.Tags).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The folder with the pictures that visual checks compare with.</summary>
    public string BaselineFolder => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "baselines");

    /// <summary>What is in it.</summary>
    internal SuiteContent Content { get; }

    /// <summary>The names that a suite is looked for by in a folder, in this order.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["sandbox-tests.yaml", "sandbox-tests.yml", "sandbox-tests.json"];

    /// <summary>Reads a suite.</summary>
    /// <param name="path">A YAML file, a JSON file that is named so, or a folder with one of <see cref="FileNames"/> in it.</param>
    /// <param name="variables">Values of variables that the caller gives, before those of the suite; null for none.</param>
    /// <returns>The suite.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>; <see cref="SandboxError.InvalidOption"/>: it cannot be used, with the line and what would be right.
    /// </exception>
    public static AppTestSuite Read(string path, IReadOnlyDictionary<string, string>? variables = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return SuiteReader.Read(path, variables ?? new Dictionary<string, string>());
    }

    /// <summary>The suite.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
