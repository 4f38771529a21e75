using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>
/// Changes a configuration file: one setting, and nothing else that is in it. A file appears under its name only when it is whole, and
/// several processes may change it at once without undoing each other's.
/// </summary>
public static class ConfigurationWriter
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Checks a value for a setting.</summary>
    /// <param name="name">The setting, in any case.</param>
    /// <param name="value">A text as a variable would hold it, or a value: number, truth, span of time, word of an enum, list.</param>
    /// <returns>The setting as it would be.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no such setting, or it cannot have this value.</exception>
    public static ConfigurationEntry Check(string name, object value)
    {
        var key = ConfigurationKeys.Get(name);
        return new ConfigurationEntry(key, key.Read(ConfigurationNodes.From(value, key.Form), key.Name), ConfigurationSource.Default, location: null);
    }

    /// <summary>Writes a setting into a file, which is made where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="setting">The setting, as <see cref="Check"/> gives it.</param>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>: what is in the file is no JSON. <see cref="SandboxError.PathNotUsable"/>: it cannot be written.
    /// </exception>
    public static void Set(string path, ConfigurationEntry setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        Change(path, root =>
        {
            var (group, name) = Find(root, setting.Name, path, make: true)!.Value;
            group[name] = setting.ToJson();
            return true;
        });
    }

    /// <summary>Changes a setting's value into another one that depends on it, with nobody between.</summary>
    /// <param name="path">The file, which is made where it is missing.</param>
    /// <param name="name">The setting's name, without groups.</param>
    /// <param name="change">Makes a new node of the one that is there, or of null.</param>
    internal static void Change(string path, string name, Func<JsonNode?, JsonNode> change) => Change(path, root =>
    {
        root[name] = change(root[name]);
        return true;
    });

    /// <summary>Takes a setting out of a file.</summary>
    /// <param name="path">The file; one that is missing is no error.</param>
    /// <param name="name">The setting, in any case.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="SandboxException">As for <see cref="Set"/>, and <see cref="SandboxError.InvalidOption"/> where there is no such setting.</exception>
    public static bool Remove(string path, string name)
    {
        var key = ConfigurationKeys.Get(name);
        if (!File.Exists(path))
            return false;

        return Change(path, root =>
        {
            if (Find(root, key.Name, path, make: false) is not { } place || !place.Group.Remove(place.Name))
                return false;

            if (place.Group.Count == 0 && place.Group.Parent is JsonObject parent)
                parent.Remove(place.Group.GetPropertyName());

            return true;
        });
    }

    private static (JsonObject Group, string Name)? Find(JsonObject root, string name, string path, bool make)
    {
        var group = root;
        var parts = name.Split('.');
        foreach (var part in parts[..^1])
        {
            if (group[part] is null)
            {
                if (!make)
                    return null;

                group[part] = new JsonObject();
            }

            group = group[part] as JsonObject
                ?? throw InvalidOption.Create($"{part} in '{path}'", group[part]!.ToJsonString(), "is no object", "Mend the file.");
        }

        return (group, parts[^1]);
    }

    private static bool Change(string path, Func<JsonObject, bool> change)
    {
        try
        {
            // Whoever keeps his configuration elsewhere and links to it wants it changed there.
            var file = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var alone = Lock(file + ".lock");
            var root = ConfigurationFile.Read(file).Root;
            if (!change(root))
                return false;

            Write(file, root);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The configuration file '{path}' cannot be written: {e.Message}", path, "See to its folder's permissions; the machine's file is for its administrator.", e);
        }
    }

    // The lock's file stays: removing it would give two processes two different files to lock.
    private static FileStream Lock(string path)
    {
        var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && Environment.TickCount64 < end)
            {
                Thread.Sleep(s_pause); // held by another process, for as long as it takes to write a small file
            }
        }
    }

    private static void Write(string file, JsonObject root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            root.WriteTo(writer);

        var draft = $"{file}.{Path.GetRandomFileName()}";
        try
        {
            using (var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(buffer.WrittenSpan);
                stream.WriteByte((byte)'\n');
                stream.Flush(flushToDisk: true); // a machine that loses its power has the old file or the new one
            }

            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(draft, File.Exists(file) ? File.GetUnixFileMode(file) : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

            File.Move(draft, file, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
