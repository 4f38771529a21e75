using System.Text;
using FlourishaSandbox.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FlourishaSandbox.Host;

/// <summary>Finds what opens a port in a request, and takes it out: it is between the user and the gateway, and no sandbox's business.</summary>
internal static class RequestSecrets
{
    // Both names of the cookie end so.
    private const string CookieMark = PortAccess.CookieName;

    /// <summary>The link in a query; null where there is none.</summary>
    /// <param name="query">With its question mark, as it was sent; null for none.</param>
    public static string? FindLink(string? query)
    {
        foreach (var (name, value) in Parameters(query))
        {
            if (IsLink(name))
                return value.ToString();
        }

        return null;
    }

    /// <summary>A target without links. What else is in it stays as it was written.</summary>
    /// <param name="target">A path with its query, or a whole address.</param>
    public static string WithoutLink(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        if (question < 0 || FindLink(target[question..]) is null)
            return target;

        var (kept, fragment) = (new StringBuilder(target, 0, question, target.Length), target.IndexOf('#', question));
        var separator = '?';
        foreach (var part in target[(question + 1)..(fragment < 0 ? target.Length : fragment)].Split('&'))
        {
            if (IsLink(part.AsSpan(0, part.IndexOf('=', StringComparison.Ordinal) is var end and >= 0 ? end : part.Length)))
                continue;

            kept.Append(separator).Append(part);
            separator = '&';
        }

        return kept.Append(fragment < 0 ? "" : target[fragment..]).ToString();
    }

    /// <summary>What cookies of the gateway's own a request bears.</summary>
    /// <param name="headers">Its Cookie headers.</param>
    public static IEnumerable<string> FindCookies(StringValues headers)
    {
        foreach (var header in headers)
        {
            if (header is null || !header.Contains(CookieMark, StringComparison.Ordinal))
                continue;

            foreach (var cookie in header.Split(';', StringSplitOptions.TrimEntries))
            {
                if (IsOurs(cookie))
                    yield return cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..];
            }
        }
    }

    /// <summary>Takes all of it out of a request's headers.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="isPrivate">Whether the port asks for a token: then the headers for it hold one. Else they may be the application's own.</param>
    public static void Remove(IHeaderDictionary headers, bool isPrivate)
    {
        RemoveToken(headers, PortAccess.TokenHeader, isPrivate);
        RemoveToken(headers, PortAccess.TrafficTokenHeader, isPrivate: true);
        if (headers.Cookie is { Count: > 0 } cookies && cookies.Any(header => header?.Contains(CookieMark, StringComparison.Ordinal) == true))
        {
            var others = cookies.SelectMany(header => (header ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(cookie => !IsOurs(cookie));
            headers.Cookie = string.Join("; ", others) is { Length: > 0 } kept ? kept : StringValues.Empty;
        }

        if (headers.Referer is { Count: > 0 } referer)
        {
            var cleaned = WithoutLink(referer.ToString());
            if (cleaned != referer.ToString())
                headers.Referer = cleaned;
        }
    }

    /// <summary>Whether a cookie, as <c>name=value</c> with whatever follows, has one of the gateway's names.</summary>
    public static bool IsOurs(string cookie)
    {
        var end = cookie.IndexOf('=', StringComparison.Ordinal);
        return end >= 0 && cookie[..end].Trim() is PortAccess.CookieName or PortAccess.SecureCookieName;
    }

    private static void RemoveToken(IHeaderDictionary headers, string name, bool isPrivate)
    {
        if (headers.TryGetValue(name, out var values) && (isPrivate || values.Any(value => value?.StartsWith(PortAccess.TokenPrefix, StringComparison.Ordinal) == true)))
            headers.Remove(name);
    }

    private static IEnumerable<(string Name, string Value)> Parameters(string? query)
    {
        if (query is null || !query.Contains("link", StringComparison.OrdinalIgnoreCase) && !query.Contains('%', StringComparison.Ordinal))
            yield break;

        foreach (var part in query.TrimStart('?').Split('&'))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) is var end and >= 0)
                yield return (part[..end], part[(end + 1)..]);
        }
    }

    private static bool IsLink(ReadOnlySpan<char> name) =>
        name.SequenceEqual(PortAccess.LinkParameter) || (name.Contains('%') && Uri.UnescapeDataString(name) == PortAccess.LinkParameter);
}
