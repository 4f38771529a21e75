namespace FlourishaSandbox.Host;

/// <summary>What becomes of a request before it is sent on.</summary>
internal enum Verdict
{
    /// <summary>It may go on.</summary>
    Granted,

    /// <summary>It showed a link, which is to be exchanged for a cookie.</summary>
    Exchanged,

    /// <summary>There is no such sandbox, or its port is private and nothing was shown. Which of the two is nobody's business.</summary>
    Unknown,

    /// <summary>The same, and something was shown that does not open it.</summary>
    Refused,
}
