using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>What <c>--json</c> writes of pages: camelCase, times in ISO 8601, sizes in bytes, nothing left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageDocument))]
[JsonSerializable(typeof(IReadOnlyList<PageDocument>))]
[JsonSerializable(typeof(ConsoleDocument))]
[JsonSerializable(typeof(TextsDocument))]
[JsonSerializable(typeof(PictureDocument))]
[JsonSerializable(typeof(BrowserDocument))]
[JsonSerializable(typeof(ClosedDocument))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class BrowserJson : JsonSerializerContext;
