using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Prints a setting's value.</summary>
internal sealed class ConfigGetVerb : Verb
{
    private readonly Argument<string> _name = SettingOptions.Name();

    /// <summary>Creates the verb.</summary>
    public ConfigGetVerb()
        : base(
            "get",
            "Prints a setting's value on standard output, and on standard error where it comes from.",
            "docker-sandbox config get limits.memory",
            "docker-sandbox config get template --json") => Add(_name);

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var entry = SandboxConfiguration.Load().Get(session.Parse.GetRequiredValue(_name));
        if (session.Json)
        {
            session.WriteDocument(SettingDocument.From(entry), CliJson.Default.SettingDocument);
            return Task.FromResult(ExitCodes.Success);
        }

        session.WriteLine(entry.Text);
        session.Note($"({entry.Location ?? "default"})");
        return Task.FromResult(ExitCodes.Success);
    }
}
