namespace FlourishaSandbox.Sandboxes;

/// <summary>
/// Every way in which an operation on a sandbox can fail. The name is the ErrorId of a cmdlet's error record;
/// <see cref="SandboxErrorExtensions.ExitCode"/> is the exit code of the CLI.
/// </summary>
public enum SandboxError
{
    /// <summary>The Docker Engine could not be reached at its endpoint.</summary>
    EngineUnreachable,

    /// <summary>The Docker Engine refused or failed a request for a reason that has no name of its own here.</summary>
    EngineFailed,

    /// <summary>An option or argument has a value that cannot be used.</summary>
    InvalidOption,

    /// <summary>No sandbox has the given name or id.</summary>
    SandboxNotFound,

    /// <summary>More than one sandbox has an id that begins as given.</summary>
    SandboxAmbiguous,

    /// <summary>The sandbox exists but is not running.</summary>
    SandboxNotRunning,

    /// <summary>Another sandbox has this name already.</summary>
    NameInUse,

    /// <summary>No template has the given name.</summary>
    TemplateNotFound,

    /// <summary>A template's folder cannot be used: its declaration or Dockerfile is missing or wrong.</summary>
    TemplateInvalid,

    /// <summary>The image is neither on the engine nor to be had from a registry.</summary>
    ImageNotFound,

    /// <summary>No checkpoint has the given name.</summary>
    CheckpointNotFound,

    /// <summary>What this machine runs things by the clock with, or as a service, does not take one.</summary>
    ScheduleFailed,

    /// <summary>A step of an image's build failed.</summary>
    ImageBuildFailed,

    /// <summary>The program to run does not exist in the sandbox or cannot be executed.</summary>
    CommandNotFound,

    /// <summary>A command ended with an exit code other than 0, and the caller asked that this be an error.</summary>
    CommandFailed,

    /// <summary>A command, or a wait, ran out of time.</summary>
    TimedOut,

    /// <summary>A file or folder does not exist, on the side that the message names.</summary>
    PathNotFound,

    /// <summary>A file or folder is in the way or cannot be read or written.</summary>
    PathNotUsable,

    /// <summary>What a sandbox sent would have left its destination, and was refused.</summary>
    UnsafeEntry,

    /// <summary>No process has the given number or tag, or it ended so long ago that it is forgotten.</summary>
    ProcessNotFound,

    /// <summary>A process's input cannot be written to: it was started without one, or it is closed.</summary>
    InputClosed,

    /// <summary>The sandbox has no agent, or it does not answer, and the Docker Engine alone cannot do what was asked.</summary>
    AgentUnavailable,

    /// <summary>A limit of the sandbox is reached, such as that of its disk.</summary>
    LimitExceeded,

    /// <summary>What is done to sandboxes is to be written down, and that failed, so it was not done.</summary>
    AuditFailed,

    /// <summary>The port cannot be published, or cannot be reached from here.</summary>
    PortNotReachable,

    /// <summary>What should answer at an address has ended, and nothing is left that could.</summary>
    AppEnded,

    /// <summary>This machine does not do that: not for this user, not without a program that is missing, or not at all.</summary>
    HostRefused,

    /// <summary>No pool has the given name.</summary>
    PoolNotFound,

    /// <summary>No open page has the given id.</summary>
    PageNotFound,

    /// <summary>A page has no element like the one that is meant, or several.</summary>
    ElementNotFound,

    /// <summary>A page could not be opened, or did not do what it was to do.</summary>
    PageFailed,
}
