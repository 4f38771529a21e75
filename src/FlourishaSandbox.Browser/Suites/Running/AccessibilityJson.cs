using System.Text.Json.Serialization;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>How findings are read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<AccessibilityFinding>))]
internal sealed partial class AccessibilityJson : JsonSerializerContext;
