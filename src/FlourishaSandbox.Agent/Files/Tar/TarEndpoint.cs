using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary><c>/flourisha/tar</c>: whole folders in and out, each as one stream.</summary>
/// <param name="user">Whom the agent runs as.</param>
internal sealed class TarEndpoint(AgentUser user)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        PlainHttp.RequireMethod(context, HttpMethods.Get, HttpMethods.Put);
        var path = AgentPath.Resolve(PlainHttp.Query(context, "path") ?? throw new ConnectException(ConnectCode.InvalidArgument, "the query has no path"), user);
        if (HttpMethods.IsGet(context.Request.Method))
            await SendAsync(context, path);
        else
            await PlainHttp.WriteJsonAsync(context, await ReceiveAsync(context, path), EnvdJson.Default.TarReceipt);
    }

    private async Task SendAsync(HttpContext context, string path)
    {
        var packer = new TarPacker(path, (uint)user.Uid);
        packer.Check();
        context.Response.ContentType = EnvdProtocol.TarContentType;
        await packer.WriteAsync(context.Response.BodyWriter, context.RequestAborted);
    }

    private static async Task<TarReceipt> ReceiveAsync(HttpContext context, string path)
    {
        if (context.Request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
            throw new ConnectException(ConnectCode.Unimplemented, "a tar stream is taken as it is, not compressed");

        var folder = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(path), FileCalls.PathOnly | FileCalls.DirectoryOnly, 0, out var error)
            ?? throw (error == Errno.NotADirectory && FilesystemService.TryStat(path, out _)
                ? new ConnectException(ConnectCode.InvalidArgument, $"path is not a directory: '{path}'")
                : Errno.ToException(error, path));
        using var unpacker = new TarUnpacker(folder);
        if (SpecialFiles.Contain(folder))
            throw new ConnectException(ConnectCode.InvalidArgument, $"'{path}' takes no files");

        return await unpacker.ReadAsync(context.Request.BodyReader, context.RequestAborted);
    }
}
