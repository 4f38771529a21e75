namespace FlourishaSandbox.Browser.Suites;

/// <summary>Where a request comes from.</summary>
public enum AppTestOrigin
{
    /// <summary>From this machine, by the address that users have.</summary>
    Outside,

    /// <summary>From within the sandbox, to its loopback address.</summary>
    Inside,
}
