using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FlourishaSandbox.Agent.Files.Content;

/// <summary>Takes files' content: one file as it is, or many in a form. It goes to the disk as it comes.</summary>
/// <param name="user">Whose home relative paths begin in.</param>
internal sealed class FileUpload(AgentUser user)
{
    private const int BufferSize = 64 << 10;

    // What is taken off the network at once: fewer, larger writes.
    private const int BatchSize = 128 << 10;
    private const int MostParts = 10_000;

    /// <summary>Writes what a request brings.</summary>
    /// <param name="context">The request; answered.</param>
    /// <param name="path">Where to, as the client wrote it; null where the form says it.</param>
    /// <exception cref="ConnectException">It cannot be written.</exception>
    public async Task ReceiveAsync(HttpContext context, string? path)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
            throw Unsupported(context);

        var metadata = FileMetadata.FromHeaders(context.Request.Headers);
        using var unzipped = Unzip(context.Request);
        List<WrittenFile> written;
        if (type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            var target = AgentPath.Resolve(path ?? throw new ConnectException(ConnectCode.InvalidArgument, "path query parameter is required for raw body upload"), user);
            written = [await WriteAsync(target, metadata, unzipped is null ? (file, length) => CopyAsync(context.Request.BodyReader, file, length, target, context.RequestAborted) : (file, length) => CopyAsync(unzipped, file, length, target, context.RequestAborted))];
        }
        else if (type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
            if (boundary.Length is 0 or > 70)
                throw new ConnectException(ConnectCode.InvalidArgument, "a form needs a boundary of 1 to 70 characters");

            written = await ReceiveFormAsync(new MultipartReader(boundary.ToString(), unzipped ?? context.Request.Body), path, metadata, context.RequestAborted);
        }
        else
        {
            throw Unsupported(context);
        }

        await PlainHttp.WriteJsonAsync(context, written, EnvdJson.Default.IReadOnlyListWrittenFile);
    }

    private static ConnectException Unsupported(HttpContext context) => new(
        ConnectCode.InvalidArgument,
        $"unsupported content type: {context.Request.ContentType}, expected multipart/form-data or application/octet-stream");

    private static GZipStream? Unzip(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => null,
        "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
        var other => throw new ConnectException(ConnectCode.InvalidArgument, $"content in the encoding '{other}' is not taken; gzip is"),
    };

    private async Task<List<WrittenFile>> ReceiveFormAsync(MultipartReader form, string? path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var written = new List<WrittenFile>();
        for (var parts = 0; ; parts++)
        {
            if (parts == MostParts)
                throw new ConnectException(ConnectCode.InvalidArgument, $"a form may have {MostParts} parts");

            var part = await NextAsync(form, cancellationToken);
            if (part is null)
                return written;

            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name) != "file")
                continue;

            var target = AgentPath.Resolve(path ?? FileName(disposition), user);
            if (written.Exists(file => file.Path == target))
                throw new ConnectException(ConnectCode.InvalidArgument, $"you cannot upload multiple files to the same path '{target}' in one upload request, only the first specified file was uploaded");

            written.Add(await WriteAsync(target, metadata, (file, length) => CopyAsync(part.Body, file, length, target, cancellationToken)));
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader form, CancellationToken cancellationToken)
    {
        try
        {
            return await form.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException && e is not BadHttpRequestException))
        {
            throw new ConnectException(ConnectCode.InvalidArgument, "the form is malformed, or ends before its end", e);
        }
    }

    // Browsers, and what is like them, write these three so: inside the quotes they would end the name or the line.
    private static string FileName(ContentDispositionHeaderValue disposition)
    {
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar.ToString()
            : disposition.FileName.HasValue ? HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).ToString()
            : throw new ConnectException(ConnectCode.InvalidArgument, "a part of the form has no file name, and the request has no path");

        return name.Replace("%22", "\"", StringComparison.Ordinal).Replace("%0D", "\r", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal);
    }

    private static async Task<WrittenFile> WriteAsync(string path, IReadOnlyDictionary<string, string> metadata, Func<OpenFile, long, Task> copy)
    {
        var file = RegularFile.OpenWrite(path, out var isNew, out var length);
        var isWhole = false;
        try
        {
            await copy(file, length);
            FileMetadata.Write(file, metadata, path);
            isWhole = true;
        }
        finally
        {
            // Half a file that was not there before must not look like a whole one.
            if (!isWhole && isNew)
                RemoveHalf(file, path);

            file.Dispose();
        }

        return new WrittenFile(path, PathParts.Name(path), Metadata: metadata.Count > 0 ? FileMetadata.Read(path) : null);
    }

    private static unsafe void RemoveHalf(OpenFile file, string path)
    {
        fixed (byte* pointer = PathBytes.From(path))
        {
            if (FileCalls.StatOpen(file.Descriptor, out var own) == 0 && FileCalls.StatAt(FileCalls.CurrentFolder, pointer, follow: false, out var found) == 0 && own.IsSame(found))
                FileCalls.UnlinkAt(FileCalls.CurrentFolder, pointer, 0);
        }
    }

    private static async Task CopyAsync(PipeReader source, OpenFile file, long length, string path, CancellationToken cancellationToken)
    {
        var read = await source.ReadAtLeastAsync(BatchSize, cancellationToken);
        if (read.IsCompleted)
        {
            // Who watches, as development servers do, never reads an empty file in between. Of one that gets shorter he may for a moment read
            // the old end behind the new content.
            var error = file.Write(read.Buffer);
            SetLength(file, length, error == 0 ? read.Buffer.Length : 0, path);
            source.AdvanceTo(read.Buffer.End);
            if (error != 0)
                throw Errno.ToException(error, path);

            return;
        }

        SetLength(file, length, 0, path);
        while (true)
        {
            var error = file.Write(read.Buffer);
            source.AdvanceTo(read.Buffer.End);
            if (error != 0)
                throw Errno.ToException(error, path);

            if (read.IsCompleted)
                return;

            read = await source.ReadAtLeastAsync(BatchSize, cancellationToken);
        }
    }

    private static async Task CopyAsync(Stream source, OpenFile file, long length, string path, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            SetLength(file, length, 0, path);
            while (await ReadAsync(source, buffer, cancellationToken) is > 0 and var read)
            {
                if (file.Write(buffer.AsSpan(0, read)) is not 0 and var error)
                    throw Errno.ToException(error, path);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // One that is no longer is left alone: who watches would hear of a change that is none.
    private static void SetLength(OpenFile file, long before, long now, string path)
    {
        if (before > now && FileCalls.Truncate(file.Descriptor, now) != 0)
            throw Errno.ToException(Errno.Last, path);
    }

    private static async ValueTask<int> ReadAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException && e is not BadHttpRequestException))
        {
            throw new ConnectException(ConnectCode.InvalidArgument, "the content is malformed, or ends before its end", e);
        }
    }
}
