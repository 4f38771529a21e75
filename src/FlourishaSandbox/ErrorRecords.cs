using System.Management.Automation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>What PowerShell makes of a <see cref="SandboxError"/>.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record whose id is the failure's name and whose target is the sandbox, path or value that it is about.</summary>
    public static ErrorRecord ToErrorRecord(this SandboxException exception)
    {
        var record = new ErrorRecord(exception, exception.Error.ToString(), CategoryOf(exception.Error), exception.Target);
        if (exception.Remedy is not null)
            record.ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.Remedy };

        return record;
    }

    /// <summary>The category of a failure.</summary>
    public static ErrorCategory CategoryOf(SandboxError error) => error switch
    {
        SandboxError.InvalidOption or SandboxError.SandboxAmbiguous => ErrorCategory.InvalidArgument,
        SandboxError.SandboxNotFound or SandboxError.TemplateNotFound or SandboxError.ImageNotFound or SandboxError.CheckpointNotFound or SandboxError.PathNotFound or SandboxError.CommandNotFound or SandboxError.ProcessNotFound or SandboxError.PoolNotFound or SandboxError.PageNotFound or SandboxError.ElementNotFound => ErrorCategory.ObjectNotFound,
        SandboxError.NameInUse => ErrorCategory.ResourceExists,
        SandboxError.SandboxNotRunning or SandboxError.InputClosed => ErrorCategory.InvalidOperation,
        SandboxError.PathNotUsable or SandboxError.AuditFailed => ErrorCategory.WriteError,
        SandboxError.LimitExceeded => ErrorCategory.LimitsExceeded,
        SandboxError.TemplateInvalid => ErrorCategory.InvalidData,
        SandboxError.HostRefused => ErrorCategory.PermissionDenied,
        SandboxError.UnsafeEntry => ErrorCategory.SecurityError,
        SandboxError.EngineUnreachable => ErrorCategory.ConnectionError,
        SandboxError.PortNotReachable or SandboxError.AgentUnavailable or SandboxError.ScheduleFailed => ErrorCategory.ResourceUnavailable,
        SandboxError.TimedOut => ErrorCategory.OperationTimeout,
        SandboxError.PageFailed or SandboxError.AppEnded => ErrorCategory.InvalidResult,
        SandboxError.CommandFailed => ErrorCategory.FromStdErr,
        _ => ErrorCategory.NotSpecified,
    };
}
