namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>One kind of group in a suite: which keys it can have. The published schema has the same under the same name, and a test holds the two together.</summary>
/// <param name="Name">Its name below <c>$defs</c> in the schema; empty for the suite itself.</param>
/// <param name="Noun">How errors call it, such as "a story".</param>
/// <param name="Keys">The keys that it can have, in the schema's order.</param>
internal sealed record SuiteShape(string Name, string Noun, IReadOnlyList<string> Keys)
{
    /// <summary>The key that was meant by one that is none, where one is near enough to be worth a guess.</summary>
    /// <param name="key">What was written.</param>
    /// <returns>The nearest key; null where none is near.</returns>
    public string? Nearest(string key)
    {
        var (nearest, distance) = Keys.Select(known => (known, Distance(known.ToLowerInvariant(), key.ToLowerInvariant()))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, nearest.Length / 3) ? nearest : null;
    }

    // Levenshtein's, over one row.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
