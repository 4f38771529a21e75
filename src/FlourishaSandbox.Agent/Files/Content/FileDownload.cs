using System.Buffers;
using System.Globalization;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FlourishaSandbox.Agent.Files.Content;

/// <summary>Sends a file's content, or a part of it.</summary>
internal static class FileDownload
{
    private const int BufferSize = 256 << 10;

    /// <summary>Answers with what is at a path.</summary>
    /// <exception cref="ConnectException">There is no file that may be read, or it became shorter meanwhile.</exception>
    public static async Task SendAsync(HttpContext context, string path)
    {
        using var file = RegularFile.OpenRead(path, out var stat);
        var response = context.Response;
        var modified = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(stat.ModifiedSeconds, 0, uint.MaxValue)).ToString("r", CultureInfo.InvariantCulture);
        var part = new ByteRange(0, stat.Size);
        if (IsRangeWanted(context.Request, modified) && ByteRange.TryParse(context.Request.Headers.Range, stat.Size, out var range))
        {
            if (range.Length == 0)
            {
                response.Headers.ContentRange = $"bytes */{stat.Size}";
                await PlainHttp.WriteErrorAsync(context, StatusCodes.Status416RangeNotSatisfiable, $"'{path}' has no such part; it has {stat.Size} bytes");
                return;
            }

            part = range;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {part.Start}-{part.Start + part.Length - 1}/{stat.Size}";
        }

        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(PathParts.Name(path));
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.AcceptRanges = "bytes";
        response.Headers.LastModified = modified;

        // What is in a sandbox is no page that a browser should show as if it came from here.
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = "application/octet-stream";
        response.ContentLength = part.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await CopyAsync(file, part, path, context);
    }

    private static bool IsRangeWanted(HttpRequest request, string modified) =>
        request.Headers.IfRange.ToString() is var condition && (condition.Length == 0 || condition == modified);

    private static async Task CopyAsync(OpenFile file, ByteRange part, string path, HttpContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferSize, Math.Max(1, part.Length)));
        try
        {
            for (var sent = 0L; sent < part.Length;)
            {
                var read = file.ReadAt(buffer.AsSpan(0, (int)Math.Min(buffer.Length, part.Length - sent)), part.Start + sent);
                if (read <= 0)
                    throw read < 0 ? Errno.ToException(-read, path) : new ConnectException(ConnectCode.Aborted, $"'{path}' was shortened while it was being read");

                await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                sent += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
