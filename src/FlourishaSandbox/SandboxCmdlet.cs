using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>
/// What all cmdlets share: asynchronous work on the thread pool, while the pipeline's own thread carries out what the work asks of it
/// (output, progress, verbose lines, warnings, errors), because PowerShell accepts these from no other thread. Ctrl+C cancels the work and
/// waits until it has cleaned up.
/// </summary>
public abstract class SandboxCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly BlockingCollection<Action> _pending = [];
    private readonly List<Task> _running = [];
    private readonly string _name;
    private PipelineLedger? _ledger;
    private bool _isInterrupted;
    private PipelineObserver? _observer;
    private SandboxManager? _manager;

    /// <summary>Begins with nothing.</summary>
    private protected SandboxCmdlet()
    {
        var cmdlet = GetType().GetCustomAttribute<CmdletAttribute>();
        _name = cmdlet is null ? GetType().Name : $"{cmdlet.VerbName}-{cmdlet.NounName}";
    }

    /// <summary>The manager for the engine that the environment named when the cmdlet began.</summary>
    /// <exception cref="InvalidOperationException">The cmdlet has not begun.</exception>
    protected SandboxManager Manager => _manager ?? throw new InvalidOperationException("The cmdlet has not begun.");

    /// <summary>Hears what work tells, and passes it on to the pipeline's streams.</summary>
    private protected PipelineObserver Observer => _observer ??= new PipelineObserver(this);

    /// <summary>Ends the cmdlet's work, and returns when it has ended.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Has the pipeline's thread do something, soon.</summary>
    internal void Post(Action action) => _pending.Add(action);

    /// <summary>Ends the cmdlet's work.</summary>
    /// <param name="disposing">Always true; there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;

        // The pipeline may end without EndProcessing: a cmdlet before or after this one failed.
        _stopping.Cancel();
        AwaitAll();
        if (_isInterrupted && _ledger is { } ledger)
            Finish(ledger.UndoAsync);

        _stopping.Dispose();
        _pending.Dispose();
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _manager = SandboxSession.GetManager();
        }
        catch (SandboxException e)
        {
            // A variable that cannot be used; nothing has been asked of an engine yet.
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        _isInterrupted = true;
        _stopping.Cancel();
    }

    /// <summary>Starts work on the thread pool.</summary>
    private protected Task<T> Begin<T>(Func<CancellationToken, Task<T>> work)
    {
        _ledger ??= PipelineLedger.Current;
        var task = Task.Run(() =>
        {
            AuditClient.Current = _name;
            return work(_stopping.Token);
        });

        // Wakes the pipeline's thread; there may be nothing else for it to do.
        var wake = task.ContinueWith(_ => Post(() => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _running.RemoveAll(each => each.IsCompleted);
        _running.Add(wake);
        return task;
    }

    /// <summary>Does work and waits for it, while carrying out what it posts.</summary>
    /// <exception cref="SandboxException">The work failed.</exception>
    private protected T Await<T>(Func<CancellationToken, Task<T>> work) => Await(Begin(work));

    /// <summary>Waits for work that was begun, while carrying out what it posts.</summary>
    private protected T Await<T>(Task<T> task)
    {
        try
        {
            while (!task.IsCompleted)
                Carry(_pending.Take());

            CarryPosted();
        }
        catch
        {
            // A cmdlet after this one wants no more, or failed: what is under way has no taker.
            _stopping.Cancel();
            AwaitAll();
            throw;
        }

        if (task.IsCanceled || (task.IsFaulted && _stopping.IsCancellationRequested))
            throw new PipelineStoppedException();

        if (task.IsFaulted)
            ExceptionDispatchInfo.Throw(task.Exception!.InnerException!);

        return task.GetAwaiter().GetResult(); // completed: does not block
    }

    /// <summary>Does work for one item; a failure becomes an error about that item, and the others go on.</summary>
    private protected bool TryAwait<T>(Func<CancellationToken, Task<T>> work, out T result)
    {
        try
        {
            result = Await(work);
            return true;
        }
        catch (SandboxException e)
        {
            WriteError(e.ToErrorRecord());
            result = default!;
            return false;
        }
    }

    /// <summary>Carries out what has been posted so far.</summary>
    private protected void CarryPosted()
    {
        while (_pending.TryTake(out var action))
            Carry(action);
    }

    /// <summary>The sandboxes that a reference means, as they are now: one, or for a name with wildcards any number.</summary>
    private protected async Task<IReadOnlyList<Sandbox>> ResolveAsync(SandboxReference reference, CancellationToken cancellationToken)
    {
        if (reference.Sandbox is not null || !WildcardPattern.ContainsWildcardCharacters(reference.Text))
            return [await Manager.GetAsync(reference, cancellationToken).ConfigureAwait(false)];

        var pattern = WildcardPattern.Get(reference.Text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return await Manager.ListAsync(new SandboxFilter { Name = pattern.IsMatch, Owner = SandboxSession.Owner }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The sandboxes that references mean, in order; a reference that means none costs one error, and the others go on.</summary>
    private protected IEnumerable<Sandbox> Resolve(IEnumerable<SandboxReference> references)
    {
        foreach (var reference in references)
        {
            if (!TryAwait(token => ResolveAsync(reference, token), out var sandboxes))
                continue;

            foreach (var sandbox in sandboxes)
                yield return sandbox;
        }
    }

    /// <summary>The sandboxes in which a process is meant: its own where it is an object, else those that are named beside it.</summary>
    private protected IEnumerable<Sandbox> Resolve(ProcessReference process, SandboxReference[] sandboxes)
    {
        if (process.Process is { } known)
            return Resolve([new SandboxReference(known.Sandbox)]);

        if (sandboxes.Length > 0)
            return Resolve(sandboxes);

        WriteError(new SandboxException(SandboxError.InvalidOption, $"The process '{process}' names no sandbox.", process.Text, "Give its sandbox with -Sandbox, or a process as Get-SandboxProcess gives it.").ToErrorRecord());
        return [];
    }

    private void Carry(Action action)
    {
        if (!_stopping.IsCancellationRequested)
            action();
    }

    /// <summary>Has a sandbox removed if this command line is interrupted.</summary>
    private protected void WriteDown(Sandbox sandbox) => _ledger?.Add(Manager, sandbox);

    /// <summary>Waits for clean-up, which does not ask the pipeline for anything.</summary>
    private protected static void Finish(Func<Task> cleanUp) => ((IAsyncResult)Task.Run(cleanUp)).AsyncWaitHandle.WaitOne();

    private void AwaitAll()
    {
        foreach (var task in _running)
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
    }
}
