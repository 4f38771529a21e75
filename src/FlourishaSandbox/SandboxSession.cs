using System.Management.Automation;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox;

/// <summary>
/// Keeps the connections to engines from one cmdlet to the next. Environment and configuration are looked at anew each time, so that a
/// changed DOCKER_HOST, Docker context or setting counts at once.
/// </summary>
public sealed class SandboxSession : IModuleAssemblyCleanup
{
    private static readonly object s_lock = new();
    private static readonly Dictionary<(string Engine, SandboxSettings Settings), SandboxManager> s_managers = [];

    /// <summary>For tests: the manager that all cmdlets get, in place of one for the engine that the environment names.</summary>
    internal static SandboxManager? ManagerOverride { get; set; }

    /// <summary>For tests: what keeps schedules, in place of this machine's.</summary>
    internal static CleanupScheduler? SchedulerOverride { get; set; }

    /// <summary>For tests: what keeps the service that serves pools, in place of this machine's.</summary>
    internal static PoolServices? PoolServicesOverride { get; set; }

    /// <summary>Who makes sandboxes in this session.</summary>
    internal static string Owner => GetManager().Settings.Owner;

    /// <summary>Closes all connections; PowerShell calls it for Remove-Module.</summary>
    /// <param name="psModuleInfo">This module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        lock (s_lock)
        {
            foreach (var manager in s_managers.Values)
            {
                PageSession.Forget(manager);
                manager.Dispose();
            }

            s_managers.Clear();
        }
    }

    /// <summary>The manager for the engine that the environment names now.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a variable or a setting cannot be used.</exception>
    internal static SandboxManager GetManager()
    {
        if (ManagerOverride is { } manager)
            return manager;

        var settings = SandboxSettings.FromEnvironment();
        var fresh = SandboxManager.Connect(settings);
        lock (s_lock)
        {
            if (s_managers.TryGetValue((fresh.Engine, settings), out var known))
            {
                fresh.Dispose();
                return known;
            }

            return s_managers[(fresh.Engine, settings)] = fresh;
        }
    }

    /// <summary>What keeps schedules on this machine.</summary>
    internal static CleanupScheduler GetScheduler() => SchedulerOverride ?? CleanupScheduler.ForThisMachine();

    /// <summary>What keeps the service that serves pools on this machine.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.ScheduleFailed"/>: there is no such thing here.</exception>
    internal static PoolServices GetPoolServices() => PoolServicesOverride ?? PoolServices.ForThisMachine();
}
