using System.Runtime.InteropServices;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Native;

/// <summary>The kernel's error numbers, as far as they are told apart here. They are the same on x64 and arm64.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int ListTooLong = 7;
    public const int NotExecutable = 8;
    public const int TryAgain = 11;
    public const int OutOfMemory = 12;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotADirectory = 20;
    public const int IsADirectory = 21;
    public const int Invalid = 22;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int TextBusy = 26;
    public const int TooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int BrokenPipe = 32;
    public const int NameTooLong = 36;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NotSupported = 95;
    public const int QuotaExceeded = 122;

    /// <summary>Why the last call failed.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The failure of a call that only looks: a path that leads through a file leads nowhere.</summary>
    /// <param name="error">The number.</param>
    /// <param name="path">The path.</param>
    /// <returns>The failure.</returns>
    public static ConnectException ToLookupException(int error, string path) => ToException(error == NotADirectory ? NoEntry : error, path);

    /// <summary>The failure of a call as a client gets to know it.</summary>
    /// <param name="error">The number.</param>
    /// <param name="subject">What the call was about: a path, or what was attempted.</param>
    /// <returns>The failure.</returns>
    public static ConnectException ToException(int error, string subject) => error switch
    {
        NoEntry => new(ConnectCode.NotFound, $"{subject}: does not exist"),
        AccessDenied or NotPermitted => new(ConnectCode.PermissionDenied, $"{subject}: permission denied"),
        ReadOnly => new(ConnectCode.PermissionDenied, $"{subject}: the file system is read-only"),
        Exists => new(ConnectCode.AlreadyExists, $"{subject}: exists already"),
        NotADirectory => new(ConnectCode.InvalidArgument, $"{subject}: not a folder"),
        IsADirectory => new(ConnectCode.InvalidArgument, $"{subject}: a folder"),
        Busy or TextBusy => new(ConnectCode.FailedPrecondition, $"{subject}: in use"),
        CrossDevice => new(ConnectCode.FailedPrecondition, $"{subject}: on another file system"),
        NotEmpty => new(ConnectCode.FailedPrecondition, $"{subject}: not empty"),
        TooManyLinks => new(ConnectCode.InvalidArgument, $"{subject}: too many links"),
        NameTooLong => new(ConnectCode.InvalidArgument, $"{subject}: too long"),
        TooLarge => new(ConnectCode.ResourceExhausted, $"{subject}: larger than a file may be"),
        NoSpace => new(ConnectCode.ResourceExhausted, $"{subject}: no space left"),
        QuotaExceeded => new(ConnectCode.ResourceExhausted, $"{subject}: {EnvdProtocol.DiskLimitMessage}"),
        TryAgain or OutOfMemory or TooManyFiles or TooManyFilesInSystem => new(ConnectCode.ResourceExhausted, $"{subject}: processes, memory or open files are used up"),
        ListTooLong => new(ConnectCode.InvalidArgument, $"{subject}: arguments and variables are too long together"),
        _ => new(ConnectCode.Unknown, $"{subject}: {Marshal.GetPInvokeErrorMessage(error)}"),
    };
}
