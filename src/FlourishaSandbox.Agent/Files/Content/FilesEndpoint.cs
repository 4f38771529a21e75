using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Files.Content;

/// <summary><c>/files</c>: files' content in and out, for whoever bears the token or a signature.</summary>
/// <param name="user">Whom the agent runs as.</param>
/// <param name="token">The access token.</param>
internal sealed class FilesEndpoint(AgentUser user, AccessToken token)
{
    private readonly FileUpload _upload = new(user);

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get, HttpMethods.Head, HttpMethods.Post);
        var isRead = !HttpMethods.IsPost(context.Request.Method);
        try
        {
            var path = PlainHttp.Query(context, "path");
            Authorize(context, path ?? "", isRead ? FileSignature.Read : FileSignature.Write);
            if (isRead)
                await FileDownload.SendAsync(context, AgentPath.Resolve(path ?? "", user));
            else
                await _upload.ReceiveAsync(context, path);
        }
        catch (ConnectException e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await PlainHttp.WriteErrorAsync(context, ToStatus(e.Code), e.Message);
        }
    }

    private void Authorize(HttpContext context, string path, string operation)
    {
        var userName = PlainHttp.Query(context, "username");
        if (token.IsRequired)
            CheckToken(context, path, operation, userName ?? "");

        if (userName is not null && !user.IsNamed(userName))
            throw Unauthenticated($"this sandbox has no user '{userName}' to work for; it works for '{user.Name}'");
    }

    private void CheckToken(HttpContext context, string path, string operation, string userName)
    {
        if (context.Request.Headers[EnvdProtocol.AccessTokenHeader].ToString() is { Length: > 0 } presented)
        {
            _ = token.Accepts(presented) ? 0 : throw Unauthenticated("access token present in header but does not match");
            return;
        }

        var signature = PlainHttp.Query(context, "signature") ?? throw Unauthenticated("missing signature query parameter");
        long? expiration = PlainHttp.Query(context, "signature_expiration") is not { } text ? null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds
            : throw new ConnectException(ConnectCode.InvalidArgument, "signature_expiration is no number of seconds");

        // Nobody has shown the token since the agent started, so that it cannot know what signatures look like.
        if (token.Value is not { } value)
            throw Unauthenticated("invalid signature");

        var expected = FileSignature.Create(path, operation, userName, value, expiration);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature)))
            throw Unauthenticated("invalid signature");

        if (expiration < DateTimeOffset.UtcNow.ToUnixTimeSeconds())
            throw Unauthenticated("signature is already expired");
    }

    // E2B's statuses, and 403, which E2B has no need of: its agent is root.
    private static int ToStatus(ConnectCode code) => code switch
    {
        ConnectCode.InvalidArgument or ConnectCode.FailedPrecondition or ConnectCode.AlreadyExists => 400,
        ConnectCode.Unauthenticated => 401,
        ConnectCode.PermissionDenied => 403,
        ConnectCode.NotFound => 404,
        ConnectCode.ResourceExhausted => 507,
        _ => 500,
    };

    private static ConnectException Unauthenticated(string message) => new(ConnectCode.Unauthenticated, message);
}
