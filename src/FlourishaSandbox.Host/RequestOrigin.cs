namespace FlourishaSandbox.Host;

/// <summary>Origins, as browsers tell them.</summary>
internal static class RequestOrigin
{
    private const string SchemeEnd = "://";

    /// <summary>Whether an origin is that of a host. With which scheme does not count: a proxy in front may have changed it.</summary>
    /// <param name="origin">Such as <c>http://8000-0123456789ab.localhost:8080</c>.</param>
    /// <param name="authority">The host, with its port where it has one.</param>
    public static bool IsOf(string origin, string authority)
    {
        var start = origin.IndexOf(SchemeEnd, StringComparison.Ordinal);
        return start >= 0 && origin.AsSpan(start + SchemeEnd.Length).Equals(authority, StringComparison.OrdinalIgnoreCase);
    }
}
