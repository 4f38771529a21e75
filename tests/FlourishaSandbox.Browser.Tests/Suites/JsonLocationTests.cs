using System.Text.Json.Nodes;
using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>Where a value is in a JSON document, by paths and by pointers.</summary>
public sealed class JsonLocationTests
{
    private const string Document = """{ "items": [{ "name": "a", "tags": [] }, { "name": null }], "a key": 1, "a.b": 2, "x/y~z": 3, "": 4, "0": 5, "empty": {} }""";

    [Theory]
    [InlineData("$.items[0].name", "\"a\"")]
    [InlineData("$.items[-1].name", "null")]
    [InlineData("$['a key']", "1")]
    [InlineData("$[\"a.b\"]", "2")]
    [InlineData("/items/0/name", "\"a\"")]
    [InlineData("/x~1y~0z", "3")]
    [InlineData("/", "4")]
    [InlineData("/0", "5")]
    [InlineData("$.items[0].tags", "[]")]
    public void A_value_is_found(string place, string expected)
    {
        Assert.True(JsonLocation.TryParse(place, out var location));
        Assert.True(location.TryFind(JsonNode.Parse(Document), out var value, out _));
        Assert.Equal(expected, value?.ToJsonString() ?? "null");
        Assert.Equal(place, location.ToString());
    }

    [Fact]
    public void The_document_itself_is_found()
    {
        Assert.True(JsonLocation.TryParse("$", out var location));
        var root = JsonNode.Parse(Document);
        Assert.True(location.TryFind(root, out var value, out _));
        Assert.Same(root, value);
    }

    [Theory]
    [InlineData("$.items[2]", "$.items has 2 items")]
    [InlineData("$.items[-3]", "$.items has 2 items")]
    [InlineData("$.items[0].tags[0]", "$.items[0].tags is an empty list")]
    [InlineData("$.empty.x", "$.empty is an empty object")]
    [InlineData("$.thing", "$ has items, a key, a.b, x/y~z, , 0, empty")]
    [InlineData("$.items.name", "$.items is [{\"name\":\"a\",\"tags\":[]},{\"name\":null}]")]
    [InlineData("$['a key'].x", "$.a key is 1")]
    [InlineData("$.items[1].name.x", "$.items[1].name is null")]
    public void What_is_there_instead_is_said(string place, string problem)
    {
        Assert.True(JsonLocation.TryParse(place, out var location));
        Assert.False(location.TryFind(JsonNode.Parse(Document), out _, out var said));
        Assert.Equal(problem, said);
    }

    [Theory]
    [InlineData("items")]
    [InlineData("")]
    [InlineData("$.")]
    [InlineData("$..a")]
    [InlineData("$.a[*]")]
    [InlineData("$.*")]
    [InlineData("$.a[")]
    [InlineData("$['a")]
    [InlineData("$a")]
    [InlineData("$.a[1.5]")]
    public void What_is_no_place_is_refused(string place) => Assert.False(JsonLocation.TryParse(place, out _));
}
