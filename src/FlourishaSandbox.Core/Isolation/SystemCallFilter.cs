using System.Buffers;
using System.Text;
using System.Text.Json;

namespace FlourishaSandbox.Isolation;

/// <summary>Our own filter of system calls, an allow-list, as an engine takes it: <c>Isolation/seccomp-strict.json</c>, which is part of this assembly.</summary>
internal static class SystemCallFilter
{
    private const string Resource = "FlourishaSandbox.Isolation.seccomp-strict.json";

    private static readonly Lazy<string> s_strict = new(Read);

    /// <summary>The filter as JSON, in Docker's format.</summary>
    public static string Strict => s_strict.Value;

    // Without the line ends that are for its readers: it is part of every inspection of a container.
    private static string Read()
    {
        using var stream = typeof(SystemCallFilter).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"There is no {Resource} in the assembly.");
        using var document = JsonDocument.Parse(stream);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            document.WriteTo(writer);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
