using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>
/// Who may use a port of a sandbox through the gateway. Tokens and links follow from the user's key, the sandbox and the port, so that the
/// gateway keeps nothing: it is right after a restart, and knows each of them without asking.
/// </summary>
public sealed class PortAccess
{
    /// <summary>The header that shows a token.</summary>
    public const string TokenHeader = EnvdProtocol.AccessTokenHeader;

    /// <summary>The header in which E2B's clients show one.</summary>
    public const string TrafficTokenHeader = "e2b-traffic-access-token";

    /// <summary>The parameter of a URL that is a link.</summary>
    public const string LinkParameter = "flourisha_link";

    /// <summary>The cookie that a link is exchanged for.</summary>
    public const string CookieName = "flourisha_access";

    /// <summary>The same with TLS: browsers take one of this name from nobody but the host itself.</summary>
    public const string SecureCookieName = "__Host-" + CookieName;

    /// <summary>With what each token begins, so that it is known for one wherever it turns up.</summary>
    public const string TokenPrefix = "fsp_";

    // A link that does not say when it ends, or says what no clock shows, is none.
    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly AgentKey _key;

    /// <summary>That of this user, whose key is made at the first need.</summary>
    public PortAccess()
        : this(new AgentKey())
    {
    }

    internal PortAccess(AgentKey key) => _key = key;

    /// <summary>The token of a port: <see cref="TokenPrefix"/> and 64 hexadecimal digits. A secret, good as long as the sandbox is there.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <returns>The token.</returns>
    public string TokenFor(Sandbox sandbox, int port)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return TokenFor(sandbox.Id, port);
    }

    /// <summary>The value of <see cref="LinkParameter"/> that lets whoever has it to a port, for a while. A secret for as long.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="expiry">When it ends; whole seconds count.</param>
    /// <returns>The time and the signature, as <c>1767225600.0f…</c>.</returns>
    public string LinkFor(Sandbox sandbox, int port, DateTimeOffset expiry)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var seconds = expiry.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{SignatureOf(sandbox.Id, port, seconds)}");
    }

    /// <summary>Whether a port of a sandbox is for those alone who show its token.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="isExposed">Whether others than this machine's users can reach the gateway: then ports that nobody named are nobody's business.</param>
    /// <returns>True where it is.</returns>
    public static bool IsPrivate(Sandbox sandbox, int port, bool isExposed)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return sandbox.Private || (isExposed && !sandbox.Ports.Any(each => each.Port == port));
    }

    /// <summary>Whether a text is a port's token. How long the answer takes tells nothing of where the two differ.</summary>
    /// <param name="sandboxId">The sandbox's whole id.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="shown">What was shown.</param>
    /// <returns>True where it is.</returns>
    public bool IsToken(string sandboxId, int port, string shown) => AreEqual(TokenFor(sandboxId, port), shown);

    /// <summary>Until when a text is a link to a port.</summary>
    /// <param name="sandboxId">The sandbox's whole id.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="shown">What was shown.</param>
    /// <param name="now">The time.</param>
    /// <returns>When it ends; null where it is none, or has ended.</returns>
    public DateTimeOffset? ReadLink(string sandboxId, int port, string shown, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var point = shown.IndexOf('.', StringComparison.Ordinal);
        var isWhole = long.TryParse(shown.AsSpan(0, Math.Max(point, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= s_latest;
        var isOurs = AreEqual(SignatureOf(sandboxId, port, seconds), shown[(point + 1)..]);
        return isWhole && isOurs && seconds > now.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    private string TokenFor(string sandboxId, int port) => TokenPrefix + _key.Sign(string.Create(CultureInfo.InvariantCulture, $"flourisha-port:{sandboxId}:{port}"));

    private string SignatureOf(string sandboxId, int port, long seconds) => _key.Sign(string.Create(CultureInfo.InvariantCulture, $"flourisha-link:{sandboxId}:{port}:{seconds}"));

    private static bool AreEqual(string expected, string shown) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(shown));
}
