namespace FlourishaSandbox.Envd.Connect;

/// <summary>The error codes of the Connect protocol.</summary>
public enum ConnectCode
{
    /// <summary>The caller hung up.</summary>
    Canceled,

    /// <summary>Of unknown kind.</summary>
    Unknown,

    /// <summary>The request can never be carried out, whatever the state of things.</summary>
    InvalidArgument,

    /// <summary>The time was over.</summary>
    DeadlineExceeded,

    /// <summary>What was named does not exist.</summary>
    NotFound,

    /// <summary>What was to be made exists.</summary>
    AlreadyExists,

    /// <summary>The sandbox's user may not do that.</summary>
    PermissionDenied,

    /// <summary>Space, processes or patience are used up.</summary>
    ResourceExhausted,

    /// <summary>Something is in a state in which that cannot be done.</summary>
    FailedPrecondition,

    /// <summary>Somebody else was faster.</summary>
    Aborted,

    /// <summary>Beyond an end.</summary>
    OutOfRange,

    /// <summary>No such service or method.</summary>
    Unimplemented,

    /// <summary>The agent failed.</summary>
    Internal,

    /// <summary>Not now; later, perhaps.</summary>
    Unavailable,

    /// <summary>Something is lost for good.</summary>
    DataLoss,

    /// <summary>The access token is missing or wrong.</summary>
    Unauthenticated,
}
