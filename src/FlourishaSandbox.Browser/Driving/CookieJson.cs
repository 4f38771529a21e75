using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>How cookies are written for the browser.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CookieJson : JsonSerializerContext;
