namespace FlourishaSandbox.Envd.Connect;

/// <summary>How <see cref="ConnectCode"/>s are written.</summary>
public static class ConnectCodes
{
    private static readonly string[] s_names =
    [
        "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists", "permission_denied", "resource_exhausted",
        "failed_precondition", "aborted", "out_of_range", "unimplemented", "internal", "unavailable", "data_loss", "unauthenticated",
    ];

    private static readonly int[] s_statuses = [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

    /// <summary>The code's name on the wire, such as <c>not_found</c>.</summary>
    /// <param name="code">The code.</param>
    /// <returns>Its name.</returns>
    public static string ToName(ConnectCode code) => s_names[(int)code];

    /// <summary>The status of an answer that bears the code.</summary>
    /// <param name="code">The code.</param>
    /// <returns>An HTTP status from 400 to 504.</returns>
    public static int ToStatus(ConnectCode code) => s_statuses[(int)code];

    /// <summary>The code of a name; <see cref="ConnectCode.Unknown"/> for one that the protocol does not have.</summary>
    /// <param name="name">A name as on the wire.</param>
    /// <returns>The code.</returns>
    public static ConnectCode FromName(string? name) => Array.IndexOf(s_names, name) is var index and >= 0 ? (ConnectCode)index : ConnectCode.Unknown;
}
