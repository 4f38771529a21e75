using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent;

/// <summary>
/// One thread that waits for all descriptors: outputs, terminals, reports, signals, timers, watches. What it calls must not block, and
/// must not throw; whatever takes long goes elsewhere.
/// </summary>
internal sealed class Reactor
{
    private const int BatchSize = 64;
    private const int AddOperation = 1;
    private const int RemoveOperation = 2;
    private const int ChangeOperation = 3;

    // The kernel packs this structure on x64, and pads it elsewhere.
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int s_eventSize = s_dataOffset + 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Registration> _registrations = [];
    private readonly Queue<Action> _posted = [];
    private readonly int _epoll;
    private readonly int _bell;
    private ulong _lastId;

    /// <summary>Creates a reactor that does not run yet.</summary>
    public Reactor()
    {
        _epoll = Require(LibC.CreateEpoll(LibC.CloseOnExec));
        _bell = Require(LibC.CreateEventDescriptor(0, LibC.CloseOnExec | LibC.NonBlocking));
        Add(_bell, EpollEvents.In, _ => RunPosted());
    }

    /// <summary>Waits for a descriptor, from any thread.</summary>
    /// <param name="descriptor">A descriptor that epoll takes and that is in no other registration.</param>
    /// <param name="events">What to wait for. It is told as long as it is so, not only when it begins.</param>
    /// <param name="callback">What to call, on the reactor's thread.</param>
    /// <returns>Ends the waiting when it is disposed; do that before the descriptor is closed.</returns>
    public Registration Add(int descriptor, EpollEvents events, Action<EpollEvents> callback)
    {
        lock (_gate)
        {
            var registration = new Registration(this, ++_lastId, descriptor, callback);
            _registrations.Add(registration.Id, registration);
            if (Control(AddOperation, registration, events) < 0)
            {
                var error = Errno.Last;
                _registrations.Remove(registration.Id);
                throw Errno.ToException(error, "waiting for a descriptor");
            }

            return registration;
        }
    }

    /// <summary>Has something done on the reactor's thread, from any thread.</summary>
    /// <param name="action">What to do.</param>
    public unsafe void Post(Action action)
    {
        lock (_gate)
            _posted.Enqueue(action);

        // It can only fail when the counter is full, and then the bell rings already.
        var one = 1L;
        LibC.Write(_bell, (byte*)&one, sizeof(long));
    }

    /// <summary>Starts the thread.</summary>
    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "reactor" }.Start();

    private static int Require(int result) => result >= 0 ? result : throw new ConnectException(ConnectCode.Internal, $"a descriptor could not be made: error {Errno.Last}");

    private unsafe int Control(int operation, Registration registration, EpollEvents events)
    {
        var change = stackalloc byte[16];
        var span = new Span<byte>(change, 16);
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)events);
        BinaryPrimitives.WriteUInt64LittleEndian(span[s_dataOffset..], registration.Id);
        return LibC.ControlEpoll(_epoll, operation, registration.Descriptor, change);
    }

    private unsafe void Run()
    {
        var events = new byte[BatchSize * s_eventSize];
        while (true)
        {
            int count;
            fixed (byte* first = events)
                count = LibC.WaitForEpoll(_epoll, first, BatchSize, -1);

            for (var i = 0; i < count; i++)
            {
                var happened = events.AsSpan(i * s_eventSize, s_eventSize);
                Call(BinaryPrimitives.ReadUInt64LittleEndian(happened[s_dataOffset..]), (EpollEvents)BinaryPrimitives.ReadUInt32LittleEndian(happened));
            }
        }
    }

    private void Call(ulong id, EpollEvents events)
    {
        Registration? registration;
        lock (_gate)
        {
            // An earlier event of the same batch may have ended this registration.
            if (!_registrations.TryGetValue(id, out registration))
                return;
        }

        Guard(() => registration.Callback(events));
    }

    private static void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            // One process's trouble, such as no memory for its output, is not to be everybody's end.
            AgentLog.Write($"an event could not be handled: {exception.GetType().Name}");
        }
    }

    private unsafe void RunPosted()
    {
        var count = 0L;
        LibC.Read(_bell, (byte*)&count, sizeof(long));
        while (true)
        {
            Action? action;
            lock (_gate)
            {
                if (!_posted.TryDequeue(out action))
                    return;
            }

            Guard(action);
        }
    }

    /// <summary>A descriptor that is waited for.</summary>
    internal sealed class Registration : IDisposable
    {
        private readonly Reactor _reactor;

        internal Registration(Reactor reactor, ulong id, int descriptor, Action<EpollEvents> callback)
        {
            _reactor = reactor;
            Id = id;
            Descriptor = descriptor;
            Callback = callback;
        }

        /// <summary>The descriptor.</summary>
        public int Descriptor { get; }

        internal ulong Id { get; }

        internal Action<EpollEvents> Callback { get; }

        /// <summary>Waits for something else from now on.</summary>
        /// <param name="events">What to wait for.</param>
        public void Change(EpollEvents events)
        {
            lock (_reactor._gate)
            {
                if (_reactor._registrations.ContainsKey(Id))
                    _reactor.Control(ChangeOperation, this, events);
            }
        }

        /// <summary>Waits no longer. On the reactor's thread nothing is called afterwards; elsewhere a call may be under way.</summary>
        public void Dispose()
        {
            lock (_reactor._gate)
            {
                if (_reactor._registrations.Remove(Id))
                    _reactor.Control(RemoveOperation, this, EpollEvents.None);
            }
        }
    }
}
