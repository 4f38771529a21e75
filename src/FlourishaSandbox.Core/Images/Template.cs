using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Images;

/// <summary>A named recipe for an image: a folder with a Dockerfile, and a <c>template.json</c> that says how its sandboxes are run.</summary>
public sealed partial class Template
{
    private const string DeclarationFile = "template.json";

    private Template(string name, string folder, Declaration declaration)
    {
        Name = name;
        Folder = folder;
        Description = declaration.Description ?? "";
        Ports = declaration.Ports ?? [];
        User = declaration.User;
        WorkingDirectory = declaration.WorkingDirectory;
        Capabilities = declaration.Capabilities ?? [];
        Environment = declaration.Environment ?? [];
        StartCommand = declaration.StartCommand;
        SharedMemory = declaration.SharedMemory is { } size ? ReadSize(size) : null;
    }

    /// <summary>The name: the folder's.</summary>
    public string Name { get; }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>One sentence about what it is for.</summary>
    public string Description { get; }

    /// <summary>The TCP ports that its sandboxes publish.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>The user whom commands run as; null for the Dockerfile's.</summary>
    public string? User { get; }

    /// <summary>The folder in which commands start; null for the Dockerfile's.</summary>
    public string? WorkingDirectory { get; }

    /// <summary>Linux capabilities that its sandboxes keep; all others are dropped.</summary>
    public IReadOnlyList<string> Capabilities { get; }

    /// <summary>Environment variables of its sandboxes.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The program and arguments that are started in each of its sandboxes; empty for nothing, null for the image's own ENTRYPOINT and CMD.</summary>
    public IReadOnlyList<string>? StartCommand { get; }

    /// <summary>The size of /dev/shm in its sandboxes, in bytes, at least 1 MiB; null for 64 MiB. Browsers want 1 GiB.</summary>
    public long? SharedMemory { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="folder">A folder with a Dockerfile; without <c>template.json</c> everything is the Dockerfile's choice.</param>
    /// <returns>The template.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.TemplateInvalid"/>: the folder has no Dockerfile, or a declaration that cannot be used.</exception>
    public static Template Load(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Path.GetFileName(path);
        if (!File.Exists(Path.Combine(path, "Dockerfile")))
            throw Invalid(path, "has no Dockerfile", "Put one into it, or name another folder.");

        if (!NameForm().IsMatch(name))
            throw Invalid(path, $"has a name that cannot name an image, '{name}'", "Use lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit.");

        var file = Path.Combine(path, DeclarationFile);
        if (!File.Exists(file))
            return new Template(name, path, new Declaration());

        try
        {
            var declaration = JsonSerializer.Deserialize(File.ReadAllText(file), TemplateJson.Default.Declaration) ?? new Declaration();
            var template = new Template(name, path, declaration);
            new SandboxOptions { Ports = template.Ports, User = template.User, WorkingDirectory = template.WorkingDirectory, Environment = template.Environment }.Validate();
            if (template.StartCommand is { Count: > 0 } command && (string.IsNullOrEmpty(command[0]) || command.Any(word => word is null || word.Contains('\0', StringComparison.Ordinal))))
                throw InvalidOption.Create("startCommand", string.Join(' ', command), "is no command", "Give a program and its arguments, each a string.");

            foreach (var capability in template.Capabilities)
            {
                if (capability is null || !CapabilityForm().IsMatch(capability))
                    throw InvalidOption.Create("capabilities", capability ?? "null", "is no capability", "Write it as in NET_BIND_SERVICE, without 'CAP_'.");
            }

            return template;
        }
        catch (JsonException e)
        {
            throw Invalid(path, $"has a {DeclarationFile} that cannot be read: {e.Message}", "See docs/architecture.md for what it may hold.", e);
        }
        catch (SandboxException e)
        {
            throw Invalid(path, $"has a {DeclarationFile} that cannot be used: {e.Message}", "Mend the value.", e);
        }
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;

    private static long ReadSize(string text) =>
        ByteSize.TryParse(text, out var bytes) && bytes >= 1L << 20 ? bytes : throw InvalidOption.Create("sharedMemory", text, "is no size", "Give 1MiB or more, for example 1GiB.");

    private static SandboxException Invalid(string folder, string problem, string remedy, Exception? cause = null) =>
        new(SandboxError.TemplateInvalid, $"The template folder '{folder}' {problem}.", folder, remedy, cause);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_.-]{0,62}\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[A-Z][A-Z_]{1,40}\z")]
    private static partial Regex CapabilityForm();

    internal sealed record Declaration
    {
        public string? Description { get; init; }

        public int[]? Ports { get; init; }

        public string? User { get; init; }

        public string? WorkingDirectory { get; init; }

        public string[]? Capabilities { get; init; }

        public Dictionary<string, string>? Environment { get; init; }

        public string[]? StartCommand { get; init; }

        public string? SharedMemory { get; init; }
    }
}

// A misspelt key would be a protection or a port silently missing, so unknown ones are refused.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Template.Declaration))]
internal sealed partial class TemplateJson : JsonSerializerContext;
