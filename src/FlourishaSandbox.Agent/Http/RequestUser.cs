using System.Text;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Http;

/// <summary>Whom a request is to be carried out as. E2B's clients say it in the way of Basic authentication, without a password.</summary>
internal static class RequestUser
{
    private const string Scheme = "Basic ";

    /// <summary>Refuses to be somebody else.</summary>
    /// <param name="context">The request.</param>
    /// <param name="user">Whom the agent runs as.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.Unauthenticated"/>: it names another user.</exception>
    public static void Check(HttpContext context, AgentUser user)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return;

        var bytes = new byte[header.Length];
        var name = Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var count)
            ? Encoding.UTF8.GetString(bytes, 0, count).Split(':')[0]
            : throw new ConnectException(ConnectCode.InvalidArgument, "the Authorization header is malformed");
        if (name.Length > 0 && !user.IsNamed(name))
            throw new ConnectException(ConnectCode.Unauthenticated, $"this sandbox has one user, '{user.Name}'; '{name}' is another one");
    }
}
