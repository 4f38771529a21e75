using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>How scripts' answers are read.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class PageScriptJson : JsonSerializerContext;
