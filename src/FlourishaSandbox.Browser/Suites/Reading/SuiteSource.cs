using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>A suite's file: what is in it, and how its faults are told.</summary>
/// <param name="path">The file, as the user named it.</param>
internal sealed class SuiteSource(string path)
{
    /// <summary>The largest file that is read: 1 MiB.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>How deep values may be in each other.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The most values of a file, those counted again that an alias repeats: else ten lines of aliases of aliases would fill any memory.</summary>
    public const int MaximumNodes = 50_000;

    private int _nodes;

    /// <summary>Reads the file: JSON where it is named so, else YAML.</summary>
    /// <returns>What is in it.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>; <see cref="SandboxError.InvalidOption"/>: it is not what its name says, or too large.
    /// </exception>
    public SuiteNode Read()
    {
        var text = ReadText();
        return Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? new JsonSuiteReader(this).Read(text) : new YamlSuiteReader(this).Read(text);
    }

    /// <summary>Makes the failure for something in the file.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="problem">What is wrong, as a sentence without its full stop.</param>
    /// <param name="remedy">What would be right.</param>
    /// <returns>The failure.</returns>
    public SandboxException Fault(int line, string problem, string remedy) =>
        new(SandboxError.InvalidOption, $"The suite '{path}' cannot be used, line {line}: {problem}.", path, remedy);

    /// <summary>Counts a value.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="depth">How deep it is.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there are too many, or it is too deep.</exception>
    public void Count(int line, int depth)
    {
        if (depth > MaximumDepth)
            throw Fault(line, $"values are more than {MaximumDepth} deep in each other", "Write it flatter.");

        if (++_nodes > MaximumNodes)
            throw Fault(line, $"there are more than {MaximumNodes:N0} values, those counted again that aliases repeat", "Divide the suite into several.");
    }

    private string ReadText()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);

            // One byte more than there may be: a pipe or a device has no length to be asked for.
            var bytes = new byte[MaximumSize + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaximumSize)
                throw Fault(1, "it is larger than 1 MiB", "Divide the suite into several.");

            var start = bytes.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, start, length - start);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SandboxException(SandboxError.PathNotFound, $"There is no suite '{path}'.", path, "Give the path of a file such as sandbox-tests.yaml.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The suite '{path}' cannot be read: {e.Message}", path, "See to its permissions.", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new SandboxException(SandboxError.InvalidOption, $"The suite '{path}' is no UTF-8.", path, "Save it as UTF-8.", e);
        }
    }
}
