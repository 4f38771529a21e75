using YamlDotNet.RepresentationModel;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>YAML as somebody else's parser reads it, one line for each value: <c>http.routers.a.entryPoints[]</c>.</summary>
internal static class YamlTree
{
    public static IReadOnlyList<KeyValuePair<string, string>> Flatten(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. Flatten("", Assert.Single(stream.Documents).RootNode)];
    }

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string path, YamlNode node) => node switch
    {
        YamlMappingNode { Children.Count: 0 } => [new(path, "{}")],
        YamlMappingNode mapping => mapping.Children.SelectMany(child => Flatten(path.Length == 0 ? Word(child.Key) : $"{path}.{Word(child.Key)}", child.Value)),
        YamlSequenceNode sequence => sequence.Children.SelectMany(child => Flatten($"{path}[]", child)),
        _ => [new(path, Word(node))],
    };

    private static string Word(YamlNode node) => Assert.IsType<YamlScalarNode>(node).Value ?? "";
}
