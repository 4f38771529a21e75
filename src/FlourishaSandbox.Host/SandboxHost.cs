using System.Globalization;

namespace FlourishaSandbox.Host;

/// <summary>What a request's Host header names: a port of a sandbox, as <c>8000-0123456789ab.localhost:8080</c>.</summary>
/// <param name="Port">The port inside the sandbox, 1 to 65535.</param>
/// <param name="Sandbox">The sandbox's short id, id or name.</param>
internal readonly record struct SandboxHost(int Port, string Sandbox)
{
    private const int LongestLabel = 63;
    private const int MostDigits = 5;

    /// <summary>Reads a Host header. There is one way to write each name, but for upper case: what is nearly a name is none.</summary>
    /// <param name="host">The header.</param>
    /// <param name="domains">Below which sandboxes have names.</param>
    /// <param name="named">What it names.</param>
    /// <returns>False where it names none.</returns>
    public static bool TryParse(string host, IReadOnlyList<string> domains, out SandboxHost named)
    {
        named = default;
        var name = host.AsSpan();
        if (name.IndexOf(':') is var colon and >= 0)
        {
            if (!IsNumber(name[(colon + 1)..]))
                return false;

            name = name[..colon];
        }

        var point = name.IndexOf('.');
        if (point is < 0 or > LongestLabel || !IsOneOf(name[(point + 1)..], domains))
            return false;

        var label = name[..point];
        var dash = label.IndexOf('-');
        if (dash <= 0 || !IsNumber(label[..dash]) || label[0] == '0' || !IsLabel(label[(dash + 1)..]))
            return false;

        named = new SandboxHost(int.Parse(label[..dash], NumberStyles.None, CultureInfo.InvariantCulture), label[(dash + 1)..].ToString());
        return named.Port <= ushort.MaxValue;
    }

    private static bool IsOneOf(ReadOnlySpan<char> name, IReadOnlyList<string> domains)
    {
        foreach (var domain in domains)
        {
            if (name.Equals(domain, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length is > 0 and <= MostDigits && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsLabel(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                return false;
        }

        return text.Length > 0 && text[0] != '-' && text[^1] != '-';
    }
}
