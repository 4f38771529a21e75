using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlourishaSandbox.Envd;

/// <summary>Writes an enum as Protocol Buffers' JSON has it: <c>FILE_TYPE_SYMLINK</c> for <c>Symlink</c>. Numbers are read too.</summary>
/// <typeparam name="T">The enum, whose underlying type is int.</typeparam>
/// <param name="prefix">What all names begin with, such as <c>FILE_TYPE_</c>.</param>
public abstract class ProtoEnumConverter<T>(string prefix) : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            return (T)Enum.ToObject(typeof(T), number);

        var name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("neither a name nor a number");
        foreach (var value in Enum.GetValues<T>())
        {
            if (ToName(value) == name)
                return value;
        }

        throw new JsonException($"there is no {prefix.TrimEnd('_')} '{name}'");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(ToName(value));
    }

    private string ToName(T value)
    {
        var name = new StringBuilder(prefix, 40);
        var text = value.ToString();
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsUpper(text[i]))
                name.Append('_');

            name.Append(char.ToUpperInvariant(text[i]));
        }

        return name.ToString();
    }
}
