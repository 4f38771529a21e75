using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Terminal;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Lists settings.</summary>
internal sealed class ConfigListVerb() : Verb(
    "list",
    "Lists all settings: their values, and the file or variable that says so.",
    "docker-sandbox config list",
    "docker-sandbox config list --json | jq -r '.[] | select(.source != \"default\") | .name'")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var entries = SandboxConfiguration.Load().Entries;
        if (session.Json)
        {
            session.WriteDocument([.. entries.Select(SettingDocument.From)], CliJson.Default.IReadOnlyListSettingDocument);
            return Task.FromResult(ExitCodes.Success);
        }

        var table = new Table("NAME", "VALUE", "FROM");
        foreach (var entry in entries)
            table.Add(entry.Name, entry.Value is null ? "-" : entry.Text, entry.Location ?? "default");

        session.WriteTable(table, "There are no settings.");
        return Task.FromResult(ExitCodes.Success);
    }
}
