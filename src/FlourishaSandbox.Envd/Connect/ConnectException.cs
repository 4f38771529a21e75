namespace FlourishaSandbox.Envd.Connect;

/// <summary>A failure that has one of the protocol's codes.</summary>
public sealed class ConnectException : Exception
{
    /// <summary>Creates a failure.</summary>
    /// <param name="code">The code.</param>
    /// <param name="message">A sentence for a person.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ConnectException(ConnectCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The code.</summary>
    public ConnectCode Code { get; }
}
