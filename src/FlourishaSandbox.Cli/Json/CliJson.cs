using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Files;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Images;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cli.Json;

/// <summary>What <c>--json</c> writes: camelCase, times in ISO 8601, sizes in bytes, nothing left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters =
[
    typeof(CamelCaseEnum<ConfigurationSource>),
    typeof(CamelCaseEnum<FileChange>),
    typeof(CamelCaseEnum<HostRouting>),
    typeof(CamelCaseEnum<IsolationCategory>),
    typeof(CamelCaseEnum<IsolationLevel>),
    typeof(CamelCaseEnum<IsolationOutcome>),
    typeof(CamelCaseEnum<LimitAction>),
    typeof(CamelCaseEnum<LimitKind>),
    typeof(CamelCaseEnum<NetworkPolicy>),
    typeof(CamelCaseEnum<ProcessState>),
    typeof(CamelCaseEnum<SandboxEventOrigin>),
    typeof(CamelCaseEnum<SandboxEventResult>),
    typeof(CamelCaseEnum<SandboxItemType>),
    typeof(CamelCaseEnum<SandboxState>),
    typeof(CamelCaseEnum<ScheduleKind>),
    typeof(CamelCaseEnum<StaleKind>),
    typeof(CamelCaseEnum<TimeoutAction>),
])]
[JsonSerializable(typeof(Sandbox))]
[JsonSerializable(typeof(IReadOnlyList<Sandbox>))]
[JsonSerializable(typeof(PoolDocument))]
[JsonSerializable(typeof(IReadOnlyList<PoolDocument>))]
[JsonSerializable(typeof(SandboxEvent))]
[JsonSerializable(typeof(CleanupSchedule))]
[JsonSerializable(typeof(PoolService))]
[JsonSerializable(typeof(SandboxCheckpoint))]
[JsonSerializable(typeof(IReadOnlyList<SandboxCheckpoint>))]
[JsonSerializable(typeof(CommandDocument))]
[JsonSerializable(typeof(IReadOnlyList<FileDocument>))]
[JsonSerializable(typeof(IReadOnlyList<CopyDocument>))]
[JsonSerializable(typeof(IReadOnlyList<RemovalDocument>))]
[JsonSerializable(typeof(IReadOnlyList<FirewallRuleDocument>))]
[JsonSerializable(typeof(IReadOnlyList<StaleDocument>))]
[JsonSerializable(typeof(HostDocument))]
[JsonSerializable(typeof(SandboxGateway))]
[JsonSerializable(typeof(IReadOnlyList<SandboxGateway>))]
[JsonSerializable(typeof(TraefikDocument))]
[JsonSerializable(typeof(ProcessDocument))]
[JsonSerializable(typeof(IReadOnlyList<ProcessDocument>))]
[JsonSerializable(typeof(StopDocument))]
[JsonSerializable(typeof(LogsDocument))]
[JsonSerializable(typeof(MetricsDocument))]
[JsonSerializable(typeof(BreachDocument))]
[JsonSerializable(typeof(FileDocument))]
[JsonSerializable(typeof(ContentDocument))]
[JsonSerializable(typeof(EditDocument))]
[JsonSerializable(typeof(ExistsDocument))]
[JsonSerializable(typeof(MoveDocument))]
[JsonSerializable(typeof(IReadOnlyList<FindingDocument>))]
[JsonSerializable(typeof(FileEventDocument))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(SandboxImage))]
[JsonSerializable(typeof(IReadOnlyList<SandboxImage>))]
[JsonSerializable(typeof(IReadOnlyList<TemplateDocument>))]
[JsonSerializable(typeof(SettingDocument))]
[JsonSerializable(typeof(IReadOnlyList<SettingDocument>))]
[JsonSerializable(typeof(CompletionDocument))]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(NoteDocument))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Writes a document.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="document">The document.</param>
    /// <param name="type">How to write it.</param>
    /// <param name="indented">Whether a person reads it.</param>
    /// <returns>JSON without an end of line.</returns>
    public static string Write<T>(T document, JsonTypeInfo<T> type, bool indented)
    {
        // Names in every script stay readable; control characters are escaped by every encoder.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented };
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
            JsonSerializer.Serialize(writer, document, type);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
