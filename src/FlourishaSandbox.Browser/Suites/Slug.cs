using System.Text;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>Names of files made of names of checks.</summary>
internal static class Slug
{
    private const int MaximumLength = 60;

    /// <summary>A name's letters and digits in lower case, with '-' for everything between.</summary>
    /// <param name="name">The name.</param>
    /// <returns>From 1 to 60 characters that every file system takes.</returns>
    public static string Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var character in name.Normalize(NormalizationForm.FormC).ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(character))
                slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-' && !char.IsSurrogate(character))
                slug.Append('-');

            if (slug.Length == MaximumLength)
                break;
        }

        var text = slug.ToString().Trim('-');
        return text.Length > 0 ? text : "check";
    }
}
