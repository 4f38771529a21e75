using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Connect;

/// <summary>Takes messages apart.</summary>
internal static class ConnectMessage
{
    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="json">Its bytes.</param>
    /// <param name="type">How it is read.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: it is not what it should be, or a string in it has a NUL.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            // NUL can only be there as an escape; nothing that is named in a sandbox has one in its name.
            if (json.IndexOf("\\u0000"u8) >= 0 && HasNul(json))
                throw new ConnectException(ConnectCode.InvalidArgument, "a string has a NUL");

            return JsonSerializer.Deserialize(json, type) ?? throw new ConnectException(ConnectCode.InvalidArgument, "the message is null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new ConnectException(ConnectCode.InvalidArgument, $"the message is no valid JSON of a {type.Type.Name}", exception);
        }
    }

    private static bool HasNul(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
