using System.Globalization;

namespace FlourishaSandbox.Sandboxes;

/// <summary>One wording for every value that cannot be used.</summary>
internal static class InvalidOption
{
    /// <summary>Makes the failure: which option, which value, what is wrong with it, and what would be right.</summary>
    public static SandboxException Create(string option, object? value, string problem, string remedy) =>
        new(SandboxError.InvalidOption, string.Create(CultureInfo.InvariantCulture, $"{option} '{value}' {problem}."), value, remedy);
}
