namespace FlourishaSandbox.Docker;

/// <summary>The patterns of a <c>.dockerignore</c>, which say what a build's context leaves out.</summary>
internal sealed class DockerIgnore
{
    private readonly List<DockerIgnorePattern> _patterns;

    private DockerIgnore(List<DockerIgnorePattern> patterns)
    {
        _patterns = patterns;
        HasExceptions = patterns.Exists(pattern => pattern.IsException);
        Root = new DockerIgnoreState(IsIgnored: false, new bool[patterns.Count]);
    }

    /// <summary>Whether something in an ignored folder may be sent.</summary>
    public bool HasExceptions { get; }

    /// <summary>What holds for the context's root.</summary>
    public DockerIgnoreState Root { get; }

    /// <summary>Reads an ignore file.</summary>
    /// <param name="text">The file's text.</param>
    /// <exception cref="ArgumentException">A line is no pattern.</exception>
    public static DockerIgnore Parse(string text)
    {
        var patterns = new List<DockerIgnorePattern>();
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            // A comment is one only where '#' is the first character of the line.
            if (!line.StartsWith('#') && line.Trim() is { Length: > 0 } pattern)
                patterns.Add(DockerIgnorePattern.Parse(pattern));
        }
        return new DockerIgnore(patterns);
    }

    /// <summary>Whether a path is left out. What a pattern says of a folder, it says of all that is in it.</summary>
    /// <param name="path">The path in the context, with slashes.</param>
    /// <param name="parent">What holds for the folder that it is in.</param>
    public DockerIgnoreState Test(string path, DockerIgnoreState parent)
    {
        var matches = new bool[_patterns.Count];
        var isIgnored = false;
        for (var i = 0; i < matches.Length; i++)
        {
            // As Docker does it: a pattern that would change nothing is not tried, and so does not count for what is below either.
            matches[i] = parent.Matches[i] || (_patterns[i].IsException == isIgnored && _patterns[i].IsMatch(path));
            if (matches[i])
                isIgnored = !_patterns[i].IsException;
        }
        return new DockerIgnoreState(isIgnored, matches);
    }
}

/// <summary>What holds for a path.</summary>
/// <param name="IsIgnored">Whether it is left out.</param>
/// <param name="Matches">Which patterns match it or a folder that it is in.</param>
internal sealed record DockerIgnoreState(bool IsIgnored, bool[] Matches);
