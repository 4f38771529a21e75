using System.Threading.Channels;
using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Processes;

/// <summary>A terminal's size in characters.</summary>
/// <param name="Columns">Columns, 1 to 65,535.</param>
/// <param name="Rows">Rows, 1 to 65,535.</param>
public readonly record struct TerminalSize(int Columns, int Rows);

/// <summary>The near side of a terminal whose far side is a command in a sandbox.</summary>
public sealed record TerminalSession
{
    /// <summary>Its size at the beginning.</summary>
    public required TerminalSize Size { get; init; }

    /// <summary>Its later sizes, as they come.</summary>
    public ChannelReader<TerminalSize>? Resizes { get; init; }

    /// <summary>What is typed, byte for byte; its end is nothing that a terminal knows, and is passed over.</summary>
    public required Stream Input { get; init; }

    /// <summary>Takes what appears, all as <see cref="OutputSource.Output"/>.</summary>
    public required ICommandOutput Output { get; init; }
}
