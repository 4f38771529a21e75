namespace FlourishaSandbox.Envd.Connect;

/// <summary>An error on the wire: the body of an answer to one request, or part of a stream's end.</summary>
/// <param name="Code">The code's name, see <see cref="ConnectCodes"/>.</param>
/// <param name="Message">A sentence for a person.</param>
public sealed record ConnectError(string? Code, string? Message);

/// <summary>The last message of a stream.</summary>
/// <param name="Error">Why the stream ended before its time; null where it ended well.</param>
public sealed record EndStream(ConnectError? Error = null);

/// <summary>An error as E2B's plain HTTP calls give it.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Message">A sentence for a person.</param>
public sealed record HttpError(int Code, string? Message);
