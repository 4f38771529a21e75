using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Docker;

/// <summary>Builds the path and query of a request; everything that comes from a caller is escaped.</summary>
internal sealed class DockerPath
{
    private readonly StringBuilder _text = new();
    private bool _hasQuery;

    /// <summary>Begins a path.</summary>
    /// <param name="segments">The segments, unescaped.</param>
    /// <exception cref="ArgumentException">A segment is empty, "." or "..", which HTTP would swallow.</exception>
    public DockerPath(params ReadOnlySpan<string> segments)
    {
        foreach (var segment in segments)
        {
            if (segment is "" or "." or "..")
                throw new ArgumentException($"'{segment}' cannot be the name or id of anything on an engine.");
            _text.Append('/').Append(Uri.EscapeDataString(segment));
        }
    }

    /// <summary>Adds a parameter; a null value adds nothing.</summary>
    public DockerPath With(string name, string? value)
    {
        if (value is null)
            return this;
        _text.Append(_hasQuery ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _hasQuery = true;
        return this;
    }

    /// <summary>Adds a switch; one that is off adds nothing.</summary>
    public DockerPath With(string name, bool value) => value ? With(name, "1") : this;

    /// <summary>Adds a number; null adds nothing.</summary>
    public DockerPath With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds filters; none add nothing.</summary>
    public DockerPath With(DockerFilters? filters) => filters is { Count: > 0 } ? With("filters", filters.ToJson()) : this;

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
