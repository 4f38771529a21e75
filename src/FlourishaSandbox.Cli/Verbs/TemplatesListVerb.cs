using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Terminal;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists templates.</summary>
internal sealed class TemplatesListVerb() : Verb(
    "list",
    "Lists the templates that sandboxes can be made from.",
    "docker-sandbox templates list",
    "FLOURISHA_TEMPLATES=~/templates docker-sandbox templates list")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var templates = session.Manager.Templates.List();
        if (session.Json)
        {
            session.WriteDocument([.. templates.Select(one => new TemplateDocument(one.Name, one.Description, one.Ports, one.User, one.WorkingDirectory, one.Folder))], CliJson.Default.IReadOnlyListTemplateDocument);
            return Task.FromResult(ExitCodes.Success);
        }

        var table = new Table("NAME", "PORTS", "DESCRIPTION");
        foreach (var one in templates)
            table.Add(one.Name, string.Join(' ', one.Ports), one.Description);

        session.WriteTable(table, "No template was found; name folders of your own in FLOURISHA_TEMPLATES.");
        return Task.FromResult(ExitCodes.Success);
    }
}
