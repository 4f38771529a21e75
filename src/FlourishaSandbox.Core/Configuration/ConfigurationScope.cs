namespace FlourishaSandbox.Configuration;

/// <summary>For whom a configuration file holds.</summary>
public enum ConfigurationScope
{
    /// <summary>For this user. It goes above the machine's.</summary>
    User,

    /// <summary>For everybody on this machine.</summary>
    Machine,
}
