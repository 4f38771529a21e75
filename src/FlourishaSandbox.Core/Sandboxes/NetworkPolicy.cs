namespace FlourishaSandbox.Sandboxes;

/// <summary>What a sandbox can reach, and from where it can be reached.</summary>
public enum NetworkPolicy
{
    /// <summary>A bridge that it shares with other sandboxes, none of which reaches another; it has a way out.</summary>
    Isolated,

    /// <summary>As <see cref="Isolated"/>, without a way out.</summary>
    Internal,

    /// <summary>No network at all.</summary>
    None,

    /// <summary>A network of its own, with a way out.</summary>
    Dedicated,
}
