using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>The rules for a sandbox's name, and names for those who give none.</summary>
public static partial class SandboxName
{
    // Without vowels no word can arise, and without l, 0 and 1 nobody misreads one.
    private const string Alphabet = "bcdfghjkmnpqrstvwxz23456789";

    /// <summary>The greatest length: 63, so that the name can also be a DNS label.</summary>
    public const int MaximumLength = 63;

    /// <summary>Makes a name that no other sandbox has: <c>sandbox-</c> and eight characters, one of 2.8 × 10¹¹.</summary>
    /// <returns>The name.</returns>
    public static string Create() => "sandbox-" + RandomNumberGenerator.GetString(Alphabet, 8);

    /// <summary>Checks a name.</summary>
    /// <param name="name">Letters, digits, '-', '_' and '.', beginning with a letter or a digit, 2 to 63 of them, as the engine wants it.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the name breaks the rules.</exception>
    public static void Validate(string name)
    {
        if (!Form().IsMatch(name))
            throw InvalidOption.Create("Name", name, "is no name for a sandbox", $"Use letters, digits, '-', '_' and '.', begin with a letter or a digit, and use 2 to {MaximumLength} characters.");
    }

    /// <summary>Whether a text can be the name, the id or the beginning of the id of a sandbox. What cannot is not worth asking the engine for.</summary>
    /// <param name="text">What somebody typed.</param>
    /// <returns>True where it can.</returns>
    internal static bool MayMean(string text) => Form().IsMatch(text) || IdForm().IsMatch(text);

    [GeneratedRegex(@"\A[0-9a-f]{1,64}\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}\z")]
    private static partial Regex Form();
}
