namespace FlourishaSandbox.Configuration;

/// <summary>Where a setting's value comes from; each goes above those before it.</summary>
public enum ConfigurationSource
{
    /// <summary>Nobody said anything.</summary>
    Default,

    /// <summary>The machine's configuration file.</summary>
    Machine,

    /// <summary>The user's configuration file.</summary>
    User,

    /// <summary>An environment variable.</summary>
    Environment,
}
