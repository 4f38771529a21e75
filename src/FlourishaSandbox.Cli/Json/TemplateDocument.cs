namespace FlourishaSandbox.Cli.Json;

/// <summary>A template.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Ports">The ports that its sandboxes publish.</param>
/// <param name="User">Whom commands run as; null for the Dockerfile's choice.</param>
/// <param name="WorkingDirectory">Where commands start; null for the Dockerfile's choice.</param>
/// <param name="Folder">Where it is.</param>
internal sealed record TemplateDocument(string Name, string Description, IReadOnlyList<int> Ports, string? User, string? WorkingDirectory, string Folder);
