using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Takes a setting out.</summary>
internal sealed class ConfigUnsetVerb : Verb
{
    private readonly Argument<string> _name = SettingOptions.Name();
    private readonly Option<bool> _machine = SettingOptions.Machine();

    /// <summary>Creates the verb.</summary>
    public ConfigUnsetVerb()
        : base(
            "unset",
            "Takes a setting out of the user's configuration file, or the machine's, so that what is below counts again. One that is not there is no error.",
            "docker-sandbox config unset limits.memory",
            "sudo docker-sandbox config unset timeout --machine")
    {
        Add(_name);
        Add(_machine);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var name = session.Parse.GetRequiredValue(_name);
        var (_, path) = SettingOptions.File(session.Parse.GetValue(_machine));
        var wasThere = ConfigurationWriter.Remove(path, name);

        var now = SandboxConfiguration.Load().Get(name);
        if (session.Json)
            session.WriteDocument(SettingDocument.From(now), CliJson.Default.SettingDocument);
        else
            session.Note(wasThere ? $"{now} ({now.Location ?? "default"})" : $"{path} does not set {now.Name}.");

        return Task.FromResult(ExitCodes.Success);
    }
}
