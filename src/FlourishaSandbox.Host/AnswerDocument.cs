using System.Text.Json.Serialization;

namespace FlourishaSandbox.Host;

/// <summary>An answer for programs.</summary>
internal sealed record AnswerDocument(string Error, string Message, string Remedy);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AnswerDocument))]
internal sealed partial class GatewayJson : JsonSerializerContext;
