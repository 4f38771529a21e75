// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

public enum ErrorCategory
{
    NotSpecified,
    OpenError,
    CloseError,
    DeviceError,
    DeadlockDetected,
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    InvalidResult,
    InvalidType,
    MetadataError,
    NotImplemented,
    NotInstalled,
    ObjectNotFound,
    OperationStopped,
    OperationTimeout,
    SyntaxError,
    ParserError,
    PermissionDenied,
    ResourceBusy,
    ResourceExists,
    ResourceUnavailable,
    ReadError,
    WriteError,
    FromStdErr,
    SecurityError,
    ProtocolError,
    ConnectionError,
    AuthenticationError,
    LimitsExceeded,
    QuotaExceeded,
    NotEnabled,
}

public class ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object? targetObject)
{
    public Exception Exception { get; } = exception;

    /// <summary>In PowerShell, the id and the cmdlet's class.</summary>
    public string FullyQualifiedErrorId { get; } = errorId;

    public ErrorCategoryInfo CategoryInfo { get; } = new(errorCategory);

    public object? TargetObject { get; } = targetObject;

    public ErrorDetails? ErrorDetails { get; set; }

    public override string ToString() => ErrorDetails?.Message ?? Exception.Message;
}

public class ErrorCategoryInfo(ErrorCategory category)
{
    public ErrorCategory Category { get; } = category;
}

public class ErrorDetails(string message)
{
    public string Message { get; } = message;

    public string RecommendedAction { get; set; } = "";
}

public class RuntimeException(string message) : SystemException(message);

public class PipelineStoppedException() : RuntimeException("The pipeline has been stopped.");

public class ItemNotFoundException(string message) : RuntimeException(message);

public class ArgumentTransformationMetadataException(string message) : RuntimeException(message);
