using System.Buffers;

namespace FlourishaSandbox.Host;

/// <summary>What a request asks for, byte for byte: a path that is decoded and encoded again is another one to some servers.</summary>
internal static class RequestTarget
{
    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private static readonly SearchValues<char> s_visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(character => character != '#')]);

    /// <summary>The path and the query of a request's target; null where it has none, or has characters that no target has.</summary>
    /// <param name="target">As it was sent: from the root, or a whole address, whose host the server has compared with the Host header.</param>
    public static string? PathOf(string target)
    {
        if (target.AsSpan().ContainsAnyExcept(s_visible))
            return null;

        if (target.StartsWith('/'))
            return target;

        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return null;

        var start = target.AsSpan(scheme + 3).IndexOfAny('/', '?');
        if (start < 0)
            return "/";

        var rest = target[(scheme + 3 + start)..];
        return rest[0] == '/' ? rest : '/' + rest;
    }

    /// <summary>The address of a path at a port of whatever the connection leads to.</summary>
    /// <param name="prefix">As <c>http://localhost:8000</c>.</param>
    /// <param name="path">From <see cref="PathOf"/>.</param>
    public static Uri At(string prefix, string path) => new(prefix + path, s_asItIs);
}
