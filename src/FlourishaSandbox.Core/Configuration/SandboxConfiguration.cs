using System.Globalization;
using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>
/// What is set on this machine, and by whom: the defaults of the product, above them the machine's file, the user's file and environment
/// variables. What a caller says goes above all of these, and is no part of it.
/// </summary>
public sealed class SandboxConfiguration
{
    // One session changes its environment a few times at most; a test changes it all the time.
    private const int MostRemembered = 32;

    private static readonly string[] s_variables = [.. ConfigurationKeys.All.SelectMany(key => key.Variables).Distinct()];
    private static readonly object s_lock = new();
    private static readonly Dictionary<string, SandboxConfiguration> s_known = new(StringComparer.Ordinal);

    private SandboxConfiguration(SandboxSettings settings, IReadOnlyList<ConfigurationEntry> entries)
    {
        Settings = settings;
        Entries = entries;
    }

    /// <summary>The names of all settings.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ConfigurationKeys.All.Select(key => key.Name)];

    /// <summary>What holds. The same object as long as nothing was changed.</summary>
    public SandboxSettings Settings { get; }

    /// <summary>Every setting, and where its value comes from.</summary>
    public IReadOnlyList<ConfigurationEntry> Entries { get; }

    /// <summary>What a setting is for.</summary>
    /// <param name="name">The setting, in any case.</param>
    /// <returns>A sentence.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no such setting.</exception>
    public static string DescriptionOf(string name) => ConfigurationKeys.Get(name).Description;

    /// <summary>The words that a setting takes, where it takes only some.</summary>
    /// <param name="name">The setting, in any case.</param>
    /// <returns>The words; none for an unknown setting and for one that takes anything.</returns>
    public static IReadOnlyList<string> ChoicesOf(string name) =>
        ConfigurationKeys.All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Form.Choices ?? [];

    /// <summary>A setting.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <returns>What it is, and who says so.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no such setting.</exception>
    public ConfigurationEntry Get(string name)
    {
        var key = ConfigurationKeys.Get(name);
        return Entries.First(entry => entry.Name == key.Name);
    }

    /// <summary>Reads files and variables; once only, as long as none of them changes.</summary>
    /// <param name="variable">Gives a variable's value, or null; null for this process's environment.</param>
    /// <param name="files">The files; null for those of this user on this machine.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used; the message names it and where it is.</exception>
    public static SandboxConfiguration Load(Func<string, string?>? variable = null, ConfigurationFiles? files = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        files ??= ConfigurationFiles.Find(variable);
        var stamp = Stamp(variable, files);
        lock (s_lock)
        {
            if (s_known.TryGetValue(stamp, out var known))
                return known;
        }

        var fresh = Read(variable, files);
        lock (s_lock)
        {
            if (s_known.Count >= MostRemembered)
                s_known.Clear();

            return s_known[stamp] = fresh;
        }
    }

    private static SandboxConfiguration Read(Func<string, string?> variable, ConfigurationFiles files)
    {
        var found = new Dictionary<string, (object Value, ConfigurationSource Source, string Location)>(StringComparer.Ordinal);
        foreach (var (path, source) in new[] { (files.Machine, ConfigurationSource.Machine), (files.User, ConfigurationSource.User) })
        {
            if (path is null)
                continue;

            var file = ConfigurationFile.Read(path);
            foreach (var (key, node) in file.Settings())
                found[key.Name] = (key.Read(node, file.Locate(key.Name)), source, path);
        }

        foreach (var key in ConfigurationKeys.All)
        {
            // The first is the one that counts, so it is read last.
            foreach (var name in key.Variables.Reverse())
            {
                if (variable(name) is { Length: > 0 } text && key.Translate(name, text) is { } meant)
                    found[key.Name] = (key.Read(key.Form.FromText(meant), name, isVariable: true), ConfigurationSource.Environment, name);
            }
        }

        var settings = new SandboxSettings();
        foreach (var key in ConfigurationKeys.All)
        {
            if (found.TryGetValue(key.Name, out var one))
                settings = key.Set(settings, one.Value);
        }

        return new SandboxConfiguration(
            settings,
            [.. ConfigurationKeys.All.Select(key => found.TryGetValue(key.Name, out var one) ? new ConfigurationEntry(key, key.Get(settings), one.Source, one.Location) : new ConfigurationEntry(key, key.Get(settings), ConfigurationSource.Default, location: null))]);
    }

    // All that the result depends on, for a few microseconds: what the variables say, and which files these are.
    private static string Stamp(Func<string, string?> variable, ConfigurationFiles files)
    {
        var stamp = new StringBuilder();
        foreach (var path in new[] { files.Machine, files.User })
        {
            var file = path is null ? null : new FileInfo(path);
            stamp.Append(path).Append('\0');
            if (file is { Exists: true })
                stamp.Append(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks} {file.Length}\0");
        }

        foreach (var name in s_variables)
            stamp.Append(variable(name)).Append('\0');

        return stamp.ToString();
    }
}
