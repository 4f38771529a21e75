using System.CommandLine;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Writes a setting.</summary>
internal sealed class ConfigSetVerb : Verb
{
    private readonly Argument<string> _name = SettingOptions.Name();
    private readonly Argument<string[]> _values = new("VALUE") { HelpName = "VALUE", Description = "Its value, such as 4GB, 1h30m or true; several for a list.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _machine = SettingOptions.Machine();

    /// <summary>Creates the verb.</summary>
    public ConfigSetVerb()
        : base(
            "set",
            "Writes a setting into the user's configuration file, or the machine's. What cannot be used is refused, and nothing else in the file changes.",
            "docker-sandbox config set limits.memory 4GB",
            "docker-sandbox config set allowHosts pypi.org '*.pythonhosted.org'",
            "sudo docker-sandbox config set timeout 30m --machine")
    {
        _values.CompletionSources.Add(context => SandboxConfiguration.ChoicesOf(context.ParseResult.GetValue(_name) ?? "").Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        Add(_name);
        Add(_values);
        Add(_machine);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var values = session.Parse.GetRequiredValue(_values);
        var setting = ConfigurationWriter.Check(session.Parse.GetRequiredValue(_name), values.Length == 1 ? values[0] : values);
        var (scope, path) = SettingOptions.File(session.Parse.GetValue(_machine));
        ConfigurationWriter.Set(path, setting);

        var now = SandboxConfiguration.Load().Get(setting.Name);
        if (session.Json)
            session.WriteDocument(SettingDocument.From(now), CliJson.Default.SettingDocument);
        else
            session.Note($"{setting} ({path})");

        if (now.IsAbove(scope))
            session.Observer.Warning($"{now.Name} is '{now.Text}' nevertheless: {now.Location} goes above {path}.");

        return Task.FromResult(ExitCodes.Success);
    }
}
