using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>Makes a stream of what a pipeline gives to a command, a process or a file.</summary>
internal static class CommandInput
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Opens the input. A single file or stream is read as it goes, all else is gathered first.</summary>
    /// <param name="input">What the pipeline gave.</param>
    /// <param name="endLines">Whether text that does not end in a line break gets one.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/> and <see cref="SandboxError.PathNotUsable"/>: a file cannot be read.</exception>
    public static Stream Open(IReadOnlyList<object?> input, bool endLines = true)
    {
        if (input.Count == 1)
        {
            switch (Values.Unwrap(input[0]))
            {
                case FileInfo file:
                    return OpenFile(file);
                case Stream stream:
                    return stream;
            }
        }

        var gathered = new MemoryStream();
        foreach (var item in input)
            Append(gathered, Values.Unwrap(item), endLines);

        gathered.Position = 0;
        return gathered;
    }

    private static void Append(MemoryStream gathered, object? item, bool endLines)
    {
        switch (item)
        {
            case null:
                break;
            case byte[] bytes:
                gathered.Write(bytes);
                break;
            case byte one: // what PowerShell makes of an array of bytes in a pipeline
                gathered.WriteByte(one);
                break;
            case FileInfo file:
                using (var content = OpenFile(file))
                    content.CopyTo(gathered);
                break;
            case Stream stream:
                stream.CopyTo(gathered);
                break;
            case object?[] many:
                foreach (var each in many)
                    Append(gathered, Values.Unwrap(each), endLines);
                break;
            default:
                var line = item.ToString() ?? "";
                gathered.Write(s_utf8.GetBytes(!endLines || line.EndsWith('\n') ? line : line + "\n"));
                break;
        }
    }

    private static FileStream OpenFile(FileInfo file)
    {
        try
        {
            return file.OpenRead();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SandboxException(SandboxError.PathNotFound, $"There is no file '{file.FullName}' on this machine to be read.", file.FullName, "Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The file '{file.FullName}' cannot be read: {e.Message}", file.FullName, "Check its permissions.", e);
        }
    }
}
