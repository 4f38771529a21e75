using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Finds what others have written. In the module it lies in <c>deps/</c> and gets a load context of its own: another module may bring the same
/// in another version. Beside a program it is found as ever.
/// </summary>
internal static class BrowserDependencies
{
    private const string FolderName = "deps";
    private const string DriverAssembly = "Microsoft.Playwright";

    private static readonly string s_root = Path.GetDirectoryName(typeof(BrowserDependencies).Assembly.Location) ?? AppContext.BaseDirectory;
    private static readonly string s_folder = Path.Combine(s_root, FolderName);
    private static readonly Lazy<AssemblyLoadContext> s_context = new(() => new AssemblyLoadContext("FlourishaSandbox.Browser"));

    /// <summary>Begins to answer for what is in there. Nothing is loaded yet.</summary>
#pragma warning disable CA2255 // No code of this assembly may run before it, whoever calls first: a cmdlet, a program, a test.
    [ModuleInitializer]
    internal static void Listen()
#pragma warning restore CA2255
    {
        if (!Directory.Exists(s_folder))
            return;

        AssemblyLoadContext.Default.Resolving += (_, name) => Find(name) is { } path ? s_context.Value.LoadFromAssemblyPath(path) : null;
        s_context.Value.Resolving += (context, name) => Find(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
    }

    /// <summary>Starts Playwright's driver.</summary>
    /// <returns>Playwright, to be disposed of.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.HostRefused"/>: it is not installed, or cannot be run.</exception>
    public static async Task<IPlaywright> StartAsync()
    {
        try
        {
            Assembly.Load(DriverAssembly);
            return await StartDriverAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new SandboxException(SandboxError.HostRefused, $"Pages need {DriverAssembly}, which is neither in '{s_folder}' nor beside '{s_root}'.", s_folder, "Install the product as a whole: its folder 'deps' is missing or incomplete.", e);
        }
        catch (Exception e) when (e is PlaywrightException or System.ComponentModel.Win32Exception)
        {
            throw new SandboxException(SandboxError.HostRefused, $"The program that drives browsers cannot be run: {e.Message.Split('\n')[0]}", s_folder, "Install the product as a whole: '.playwright', with a program for this kind of machine, belongs beside Microsoft.Playwright.dll.", e);
        }
    }

    // A method of its own: what it names is looked for when it is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<IPlaywright> StartDriverAsync()
    {
        MakeExecutable(Path.Combine(Path.GetDirectoryName(typeof(Playwright).Assembly.Location) ?? s_root, ".playwright", "node"));
        return Playwright.CreateAsync();
    }

    // What came out of a package has no execute permission, wherever packages are unpacked by something that knows none.
    private static void MakeExecutable(string folder)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
            return;

        foreach (var program in Directory.EnumerateFiles(folder, "node", SearchOption.AllDirectories))
        {
            const UnixFileMode Needed = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            var mode = File.GetUnixFileMode(program);
            try
            {
                if ((mode & Needed) == 0)
                    File.SetUnixFileMode(program, mode | Needed);
            }
            catch (UnauthorizedAccessException)
            {
                // Somebody else's installation: running it says what is wrong, where that is.
            }
        }
    }

    private static string? Find(AssemblyName name)
    {
        var path = Path.Combine(s_folder, name.Name + ".dll");
        return File.Exists(path) ? path : null;
    }
}
