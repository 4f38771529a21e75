namespace FlourishaSandbox.Browser.Driving;

/// <summary>Why a page was not connected to where it wanted.</summary>
/// <param name="code">What SOCKS calls it.</param>
/// <param name="message">What a person is told, without the host.</param>
internal sealed class DestinationException(byte code, string message) : Exception(message)
{
    public const byte NotAllowed = 2;
    public const byte HostUnreachable = 4;
    public const byte Refused = 5;

    /// <summary>What SOCKS calls it.</summary>
    public byte Code { get; } = code;
}
