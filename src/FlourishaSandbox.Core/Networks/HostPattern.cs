using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Networks;

/// <summary>Hosts as egress lists name them: <c>example.com</c> for that one, <c>*.example.com</c> for all below it.</summary>
public sealed partial record HostPattern
{
    private const string Wildcard = "*.";

    private HostPattern(string name, bool isBelow)
    {
        Name = name;
        IsBelow = isBelow;
    }

    /// <summary>The name in lower case, without the wildcard.</summary>
    public string Name { get; }

    /// <summary>Whether the hosts below the name are meant, and not the name itself.</summary>
    public bool IsBelow { get; }

    /// <summary>Reads the written form.</summary>
    /// <param name="option">What the value was given as, for the message.</param>
    /// <param name="text">The text.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the text has neither form.</exception>
    public static HostPattern Parse(string option, string? text)
    {
        const string Remedy = "Give a name alone, without scheme, port and path, for example example.com, or *.example.com for all below; names beyond ASCII in their xn-- form.";
        var isBelow = text?.StartsWith(Wildcard, StringComparison.Ordinal) ?? false;
        var name = isBelow ? text![Wildcard.Length..] : text ?? "";
        if (LastLabel().IsMatch(name) || name.Contains("::", StringComparison.Ordinal))
            throw InvalidOption.Create(option, text, "is an address, and egress lists are kept by name", Remedy);

        if (name.Length > 253 || !NameForm().IsMatch(name))
            throw InvalidOption.Create(option, text, "is no name of a host", Remedy);

        return new HostPattern(name.ToLowerInvariant(), isBelow);
    }

    /// <summary>Whether a host is meant. Upper and lower case are the same, and so is a dot at the end.</summary>
    /// <param name="host">The host's name.</param>
    public bool Matches(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = host.EndsWith('.') ? host[..^1] : host;
        return IsBelow
            ? name.Length > Name.Length + 1 && name.EndsWith("." + Name, StringComparison.OrdinalIgnoreCase)
            : name.Equals(Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The written form.</summary>
    /// <returns>For example <c>*.example.com</c>.</returns>
    public override string ToString() => IsBelow ? Wildcard + Name : Name;

    // One label alone names a machine of the neighbourhood, which no list opens.
    [GeneratedRegex(@"\A(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\z")]
    private static partial Regex NameForm();

    // What ends in a number is an address to everything that resolves names, however it is written.
    [GeneratedRegex(@"(?:\A|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?\z")]
    private static partial Regex LastLabel();
}
