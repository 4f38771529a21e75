using System.Globalization;

namespace FlourishaSandbox.Agent.Files;

/// <summary>
/// Names of users or groups, from a file such as <c>/etc/passwd</c>: read when first asked for, and again when it has changed. The C
/// library's own look-up loads further libraries, of which a static program has none.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class AccountNames(string path)
{
    // A file that is larger was not made for look-ups one after the other; numbers will do.
    private const long LargestFile = 4 << 20;

    private readonly Lock _lock = new();
    private Dictionary<uint, string> _names = [];
    private (DateTime Time, long Length) _seen;
    private long? _checked;

    /// <summary>The name of a number; the number itself where it has none.</summary>
    public string Find(uint number)
    {
        lock (_lock)
        {
            Refresh();
            return _names.TryGetValue(number, out var name) ? name : number.ToString(CultureInfo.InvariantCulture);
        }
    }

    // A list of 10,000 files asks 10,000 times; nobody's account changes that fast.
    private void Refresh()
    {
        var now = Environment.TickCount64;
        if (_checked is { } last && now - last < 100)
            return;

        _checked = now;
        try
        {
            var file = new FileInfo(path);
            var seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (seen == _seen)
                return;

            _names = seen.Length is > 0 and <= LargestFile ? Read(path) : [];
            _seen = seen;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the image keeps to itself has no names; numbers will do.
            _names = [];
        }
    }

    private static Dictionary<uint, string> Read(string path)
    {
        var names = new Dictionary<uint, string>();
        foreach (var line in File.ReadLines(path))
        {
            var fields = line.Split(':', 4);
            if (fields.Length > 2 && fields[0].Length > 0 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                names.TryAdd(number, fields[0]);
        }

        return names;
    }
}
