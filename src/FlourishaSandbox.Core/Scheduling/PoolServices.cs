using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>
/// Has this machine keep pools full, by a service of systemd: the machine's own for root, else the user's. Throws
/// <see cref="SandboxException"/> where it fails.
/// </summary>
public sealed class PoolServices
{
    private const string Unit = "flourisha-pool.service";

    private readonly ScheduleTool _tool;
    private readonly string _folder;
    private readonly bool _isRunning;

    /// <summary>Creates it.</summary>
    /// <param name="tool">Runs systemctl.</param>
    /// <param name="folder">Where units are.</param>
    /// <param name="isRunning">Whether systemd is there to be told.</param>
    internal PoolServices(ScheduleTool tool, string folder, bool isRunning) => (_tool, _folder, _isRunning) = (tool, folder, isRunning);

    private string Location => Path.Combine(_folder, Unit);

    // What 'enable' makes; without systemd nobody else takes it away.
    private static string Target => ScheduleTool.IsRoot ? "multi-user.target" : "default.target";

    /// <summary>That of this machine, also where systemd is only installed, as in an image that is being made.</summary>
    /// <returns>The services.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>: this is no Linux.</exception>
    public static PoolServices ForThisMachine() => OperatingSystem.IsLinux()
        ? new PoolServices(new ScheduleTool(), SystemdUnits.Folder, SystemdUnits.IsRunning)
        : throw new SandboxException(SandboxError.ScheduleFailed, "A service that keeps pools full is one of systemd, which this system does not have.", remedy: "Run 'docker-sandbox pool serve' by whatever keeps services here.");

    /// <summary>What would be written down, with the settings that hold now. Nothing is touched.</summary>
    /// <param name="program">The command line's program; the words that have it serve are added.</param>
    /// <returns>The service.</returns>
    public PoolService Plan(string program)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        IReadOnlyList<string> command = [program, "pool", "serve"];

        // The engine may come later, and be away for a while; what fails then is tried again for as long as it takes.
        var text = $"""
            [Unit]
            Description=Keeps pools of sandboxes full
            {(ScheduleTool.IsRoot ? "After=docker.service\n" : "")}StartLimitIntervalSec=0

            [Service]
            Type=exec
            {SystemdUnits.Lines(command, ScheduleVariables.OfPool())}Restart=on-failure
            RestartSec=10s

            [Install]
            WantedBy={Target}

            """;
        return new PoolService { Location = Location, Command = command, Text = text.ReplaceLineEndings("\n"), StartCommand = _isRunning ? null : string.Join(' ', ["systemctl", .. SystemdUnits.Scope, "enable", "--now", Unit]) };
    }

    /// <summary>What is written down; null where nothing is.</summary>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>The service.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>.</exception>
    public Task<PoolService?> FindAsync(CancellationToken cancellationToken) => TranslateAsync(async () =>
        await ReadAsync(cancellationToken).ConfigureAwait(false) is { } text ? new PoolService { Location = Location, Command = SystemdUnits.ReadCommand(text), Text = text } : null);

    /// <summary>Writes a service down in place of the one that there is, and starts it where systemd runs. One that is the same already goes on undisturbed.</summary>
    /// <param name="service">As <see cref="Plan"/> made it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The service.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>: everything is as before.</exception>
    public Task<PoolService> RegisterAsync(PoolService service, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(service);
        var before = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (before != service.Text)
        {
            Directory.CreateDirectory(_folder);
            await File.WriteAllTextAsync(Location, service.Text, cancellationToken).ConfigureAwait(false);
        }

        if (!_isRunning)
            return service;

        try
        {
            await SystemctlAsync(cancellationToken, "daemon-reload").ConfigureAwait(false);
            await SystemctlAsync(cancellationToken, "enable", Unit).ConfigureAwait(false);
            await SystemctlAsync(cancellationToken, before == service.Text ? "start" : "restart", Unit).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await TakeBackAsync(before).ConfigureAwait(false);
            throw;
        }
    });

    /// <summary>Ends the service and takes it away; where there is none, that is as wanted. What waits goes on waiting, for an hour at most.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What there was; null where nothing was.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>.</exception>
    public Task<PoolService?> UnregisterAsync(CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        var before = await FindAsync(cancellationToken).ConfigureAwait(false);
        if (before is null)
            return null;

        if (_isRunning)
            await SystemctlAsync(cancellationToken, "disable", "--now", Unit).ConfigureAwait(false);
        else if (Directory.Exists(Path.Combine(_folder, Target + ".wants")))
            File.Delete(Path.Combine(_folder, Target + ".wants", Unit));

        File.Delete(Location);
        if (_isRunning)
            await SystemctlAsync(cancellationToken, "daemon-reload").ConfigureAwait(false);

        return before;
    });

    private async Task<string?> ReadAsync(CancellationToken cancellationToken) =>
        File.Exists(Location) ? await File.ReadAllTextAsync(Location, cancellationToken).ConfigureAwait(false) : null;

    private Task SystemctlAsync(CancellationToken cancellationToken, params string[] words) => _tool.RunAsync("systemctl", [.. SystemdUnits.Scope, .. words], input: null, cancellationToken);

    private async Task TakeBackAsync(string? before)
    {
        if (before is null)
        {
            await TrySystemctlAsync("disable", "--now", Unit).ConfigureAwait(false);
            File.Delete(Location);
            await TrySystemctlAsync("daemon-reload").ConfigureAwait(false);
            return;
        }

        await File.WriteAllTextAsync(Location, before, CancellationToken.None).ConfigureAwait(false);
        await TrySystemctlAsync("daemon-reload").ConfigureAwait(false);
        await TrySystemctlAsync("restart", Unit).ConfigureAwait(false);
    }

    private async Task TrySystemctlAsync(params string[] words)
    {
        try
        {
            await SystemctlAsync(CancellationToken.None, words).ConfigureAwait(false);
        }
        catch (SandboxException)
        {
            // What made it fail first is what the user is told.
        }
    }

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.ScheduleFailed, $"The service cannot be written: {e.Message}", innerException: e);
        }
    }
}
