using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>Reads what a supervisor reports about its process. See Native/agent.h.</summary>
/// <param name="process">The process.</param>
/// <param name="descriptor">The reports, non-blocking; belongs to this object.</param>
/// <param name="streams">The process's streams, to be read from when it runs.</param>
internal sealed class SupervisorReports(AgentProcess process, int descriptor, IReadOnlyList<(int Descriptor, OutputSource Source)> streams)
{
    private const int StartedKind = 1;
    private const int FailedKind = 2;
    private const int EndedKind = 3;
    private const int MaximumReports = 4;

    private Reactor.Registration? _registration;
    private bool _hasStarted;

    /// <summary>Reads from now on.</summary>
    /// <param name="reactor">Whose thread reads.</param>
    public void Watch(Reactor reactor) => reactor.Post(() => _registration = reactor.Add(descriptor, EpollEvents.In, _ => Read()));

    private unsafe void Read()
    {
        var reports = stackalloc int[2 * MaximumReports];
        var count = LibC.Read(descriptor, (byte*)reports, 2 * MaximumReports * sizeof(int));
        if (count < 0 && Errno.Last is Errno.TryAgain or Errno.Interrupted)
            return;

        for (var i = 0; i < count / (2 * sizeof(int)); i++)
            Take(reports[2 * i], reports[(2 * i) + 1]);

        if (count <= 0)
            End();
    }

    private void Take(int kind, int value)
    {
        switch (kind)
        {
            case StartedKind:
                _hasStarted = true;
                foreach (var (stream, source) in streams)
                    process.Output.AddStream(stream, source);

                process.OnStarted(value);
                break;
            case FailedKind:
                process.OnFailed(Explain(value));
                break;
            case EndedKind:
                process.OnLeaderEnded(new ExitStatus(value));
                break;
        }
    }

    private void End()
    {
        _registration!.Dispose();
        LibC.Close(descriptor);
        if (!_hasStarted)
        {
            foreach (var (stream, _) in streams)
                LibC.Close(stream);
        }

        process.OnSupervisorGone();
    }

    private ConnectException Explain(int error)
    {
        var program = process.Request.Process!.Cmd;
        return error switch
        {
            Errno.NoEntry => new(ConnectCode.NotFound, $"there is no program '{program}', or what it is to be run by is missing"),
            Errno.NotADirectory => new(ConnectCode.NotFound, $"there is no program '{program}'"),
            Errno.AccessDenied => new(ConnectCode.PermissionDenied, $"'{program}' may not be run by the sandbox's user"),
            Errno.NotExecutable => new(ConnectCode.PermissionDenied, $"'{program}' is no program"),
            Errno.TryAgain => new(ConnectCode.ResourceExhausted, $"'{program}' could not be started: there are too many processes"),
            _ => Errno.ToException(error, $"'{program}' could not be started"),
        };
    }
}
