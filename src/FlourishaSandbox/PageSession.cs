using System.Runtime.CompilerServices;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>Keeps browsers and pages from one cmdlet to the next, for each engine and owner. Nothing of them is loaded before the first page.</summary>
internal static class PageSession
{
    private static readonly object s_lock = new();
    private static readonly ConditionalWeakTable<SandboxManager, SandboxPages> s_pages = [];

    /// <summary>The pages of a manager's owner.</summary>
    public static SandboxPages For(SandboxManager manager)
    {
        lock (s_lock)
            return s_pages.GetValue(manager, known => new SandboxPages(known));
    }

    /// <summary>Lets go of the pages of a manager, which is about to go: those of a browser on this machine end.</summary>
    public static void Forget(SandboxManager manager)
    {
        SandboxPages? pages;
        lock (s_lock)
        {
            if (s_pages.TryGetValue(manager, out pages))
                s_pages.Remove(manager);
        }

        if (pages is not null)
            ((IAsyncResult)Task.Run(() => pages.DisposeAsync().AsTask())).AsyncWaitHandle.WaitOne();
    }
}
