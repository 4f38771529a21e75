using System.Net;

namespace FlourishaSandbox.Docker;

/// <summary>The engine answered a request with an error. The message is the engine's own.</summary>
internal sealed class DockerException : Exception
{
    // An image that somebody else removes at the same moment is told as a defect of the engine's.
    private const string GoneMeanwhile = "unrecognized image ID";

    /// <summary>Creates the exception.</summary>
    /// <param name="statusCode">The status of the answer; 500 where an error came inside a stream that began well.</param>
    /// <param name="engineMessage">The engine's own words.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public DockerException(HttpStatusCode statusCode, string engineMessage, Exception? innerException = null)
        : base(engineMessage, innerException)
    {
        StatusCode = statusCode;
        EngineMessage = engineMessage;
    }

    /// <summary>The status of the engine's answer.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The engine's own words.</summary>
    public string EngineMessage { get; }

    /// <summary>The engine does not have what was named.</summary>
    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound || EngineMessage.Contains(GoneMeanwhile, StringComparison.Ordinal);

    /// <summary>The engine has it, but in a state that forbids the request (a name in use, a container that is not running).</summary>
    public bool IsConflict => StatusCode == HttpStatusCode.Conflict;
}
