using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlourishaSandbox.Cli.Json;

/// <summary>Values of an enum as words like <c>running</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
