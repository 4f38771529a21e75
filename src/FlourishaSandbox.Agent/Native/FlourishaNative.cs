using System.Runtime.InteropServices;
using System.Text;

namespace FlourishaSandbox.Agent.Native;

/// <summary>The functions of Native/*.c.</summary>
internal static unsafe partial class FlourishaNative
{
    /// <summary>The environment that the agent was started with. The runtime has another one, so that an image's variables do not tune it.</summary>
    /// <returns>Names and values, in their order.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> InheritedEnvironment()
    {
        var variables = new List<KeyValuePair<string, string>>();
        for (var entry = Environment(); entry is not null && *entry is not null; entry++)
        {
            var text = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry));
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                variables.Add(new(text[..equals], text[(equals + 1)..]));
        }

        return variables;
    }

    /// <summary>Starts this program as a supervisor.</summary>
    /// <param name="arguments">Its arguments, ended by null.</param>
    /// <param name="environment">Its variables, ended by null.</param>
    /// <param name="folder">The folder that it starts in.</param>
    /// <param name="streams">Its three standard streams.</param>
    /// <param name="status">Where it reports.</param>
    /// <param name="pid">Its number.</param>
    /// <returns>0, or an error number.</returns>
    [LibraryImport("flourisha", EntryPoint = "flourisha_spawn")]
    public static partial int Spawn(byte** arguments, byte** environment, byte* folder, int* streams, int status, int* pid);

    /// <summary>Opens a terminal.</summary>
    /// <param name="path">Gets the path of its slave.</param>
    /// <param name="length">How much room there is for it.</param>
    /// <returns>Its master, which is non-blocking; or an error number, negative.</returns>
    [LibraryImport("flourisha", EntryPoint = "flourisha_open_terminal")]
    public static partial int OpenTerminal(byte* path, nuint length);

    /// <summary>Opens the signals that mean something to the agent.</summary>
    /// <returns>A non-blocking descriptor; or an error number, negative.</returns>
    [LibraryImport("flourisha", EntryPoint = "flourisha_open_signals")]
    public static partial int OpenSignals();

    /// <summary>Whom a file belongs to.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The user's number; -1 where nothing can be learnt.</returns>
    [LibraryImport("flourisha", EntryPoint = "flourisha_owner", StringMarshalling = StringMarshalling.Utf8)]
    public static partial long Owner(string path);

    [LibraryImport("flourisha", EntryPoint = "flourisha_environment")]
    private static partial byte** Environment();
}
