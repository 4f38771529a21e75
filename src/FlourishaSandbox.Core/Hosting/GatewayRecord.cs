using System.Text.Json.Serialization;

namespace FlourishaSandbox.Hosting;

/// <summary>What a gateway writes down of itself.</summary>
/// <param name="Process">Its process, as <see cref="Sessions.ProcessIdentity"/> writes it.</param>
/// <param name="Gateway">What users are told of it.</param>
internal sealed record GatewayRecord(string Process, SandboxGateway Gateway);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayRecord))]
internal sealed partial class GatewayRecordJson : JsonSerializerContext;
