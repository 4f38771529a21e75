namespace FlourishaSandbox.Sandboxes;

/// <summary>What something is that should go.</summary>
public enum StaleKind
{
    /// <summary>A sandbox, whole or half made.</summary>
    Sandbox,

    /// <summary>One that died while it waited in a pool.</summary>
    PoolMember,

    /// <summary>A container that served a sandbox, or the making of one.</summary>
    Container,

    /// <summary>A network of a sandbox's own.</summary>
    Network,

    /// <summary>A volume of a sandbox's own. Named volumes are their users' and never stale.</summary>
    Volume,

    /// <summary>An image that sandboxes were copied from, or a checkpoint without a name.</summary>
    Image,

    /// <summary>An agent of another version: its volume, its container and its image.</summary>
    Agent,

    /// <summary>A record, on this machine, of a process that made sandboxes.</summary>
    Session,
}
