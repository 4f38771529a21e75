using System.Diagnostics.CodeAnalysis;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Images;

/// <summary>Finds templates by name: in the user's folders first, then in those that came with the product.</summary>
public sealed class TemplateCatalog
{
    private readonly IReadOnlyList<string> _folders;

    /// <summary>Creates a catalogue.</summary>
    /// <param name="folders">Folders whose folders are templates; earlier ones win. One that does not exist is passed over.</param>
    public TemplateCatalog(IEnumerable<string> folders) => _folders = [.. folders];

    /// <summary>The folder that came with the product: <c>templates</c> beside this assembly or, for the one-file CLI, beside the program.</summary>
    public static string ProductFolder { get; } = Path.Combine(AssemblyFolder(), "templates");

    /// <summary>The catalogue of a user: <see cref="SandboxSettings.TemplatePath"/>'s folders, then <see cref="ProductFolder"/>.</summary>
    /// <param name="settings">The user's settings.</param>
    /// <returns>The catalogue.</returns>
    public static TemplateCatalog ForUser(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = settings.TemplatePath?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return new TemplateCatalog([.. own, ProductFolder]);
    }

    /// <summary>All templates, by name. One that cannot be read is left out; asking for it by name says why.</summary>
    /// <returns>The templates that can be used.</returns>
    public IReadOnlyList<Template> List()
    {
        var templates = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        foreach (var folder in _folders.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        {
            try
            {
                var template = Template.Load(folder);
                templates.TryAdd(template.Name, template);
            }
            catch (SandboxException e) when (e.Error == SandboxError.TemplateInvalid)
            {
                continue;
            }
        }

        return [.. templates.Values];
    }

    /// <summary>The template of this name.</summary>
    /// <param name="name">The name of a template.</param>
    /// <returns>The template.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.TemplateNotFound"/>: there is none. <see cref="SandboxError.TemplateInvalid"/>: it cannot be used.</exception>
    public Template Get(string name)
    {
        // A name is a name and no path: 'x/../../y' must not reach a folder elsewhere.
        var isName = !string.IsNullOrEmpty(name) && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;
        var folder = isName ? _folders.Select(parent => Path.Combine(parent, name)).FirstOrDefault(Directory.Exists) : null;
        if (folder is not null)
            return Template.Load(folder);

        var known = List();
        throw new SandboxException(
            SandboxError.TemplateNotFound,
            $"There is no template '{name}'. " + (known.Count == 0 ? "No templates were found at all." : $"There are: {string.Join(", ", known)}."),
            name,
            "Name one of these, put a folder with a Dockerfile into one of FLOURISHA_TEMPLATES' folders, or name an image instead.");
    }

    /// <summary>A recipe for what the product itself needs beside sandboxes, such as a proxy. It lies in <c>helpers</c>, beside the product's templates.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.TemplateInvalid"/>: the product is not whole.</exception>
    internal Template GetHelper(string name)
    {
        var templates = _folders.Count > 0 ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(_folders[^1])) : ProductFolder;
        return Template.Load(Path.Combine(Path.GetDirectoryName(templates) ?? templates, "helpers", name));
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a NativeAOT program, and then the program's own folder is right.")]
    private static string AssemblyFolder()
    {
        var location = typeof(TemplateCatalog).Assembly.Location;
        return location.Length == 0 ? AppContext.BaseDirectory : Path.GetDirectoryName(location)!;
    }
}
