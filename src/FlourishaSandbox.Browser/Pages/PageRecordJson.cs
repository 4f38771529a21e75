using System.Text.Json.Serialization;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>How records of pages are written.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageRecord))]
internal sealed partial class PageRecordJson : JsonSerializerContext;
