using FlourishaSandbox.Host;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Host.Tests;

/// <summary>What opens a port never reaches the sandbox.</summary>
public sealed class RequestSecretsTests
{
    [Theory]
    [InlineData("/a?flourisha_link=1.ff", "/a")]
    [InlineData("/a?x=1&flourisha_link=1.ff&y=%2F", "/a?x=1&y=%2F")]
    [InlineData("/a?flourisha_link=1.ff&flourisha_link=2.ff", "/a")]
    [InlineData("/a?%66lourisha_link=1.ff&x=1", "/a?x=1")]
    [InlineData("/a?x=flourisha_link", "/a?x=flourisha_link")]
    [InlineData("/flourisha_link=1", "/flourisha_link=1")]
    [InlineData("http://host/a?flourisha_link=1.ff#part", "http://host/a#part")]
    public void A_link_is_taken_out_and_all_else_stays(string target, string expected) => Assert.Equal(expected, RequestSecrets.WithoutLink(target));

    [Fact]
    public void Cookies_tokens_and_a_link_in_the_referer_are_taken_out()
    {
        var headers = new DefaultHttpContext().Request.Headers;
        headers.Cookie = "a=1; flourisha_access=1.ff; __Host-flourisha_access=2.ff; b=flourisha_access";
        headers["X-Access-Token"] = "fsp_00";
        headers["e2b-traffic-access-token"] = "anything";
        headers.Referer = "http://8000-a.localhost/?flourisha_link=1.ff";

        RequestSecrets.Remove(headers, isPrivate: false);

        Assert.Equal("a=1; b=flourisha_access", headers.Cookie.ToString());
        Assert.Equal("http://8000-a.localhost/", headers.Referer.ToString());
        Assert.False(headers.ContainsKey("X-Access-Token"));
        Assert.False(headers.ContainsKey("e2b-traffic-access-token"));
    }

    [Fact]
    public void A_public_application_has_its_own_token_header()
    {
        var headers = new DefaultHttpContext().Request.Headers;
        headers["X-Access-Token"] = "the application's";

        RequestSecrets.Remove(headers, isPrivate: false);
        Assert.Equal("the application's", headers["X-Access-Token"].ToString());

        RequestSecrets.Remove(headers, isPrivate: true);
        Assert.False(headers.ContainsKey("X-Access-Token"));
    }

    [Fact]
    public void A_sandbox_sets_cookies_for_itself_alone() => Assert.Equal<IEnumerable<string?>>(
        ["a=1; Path=/; HttpOnly", "domain=2;Path=/"],
        CookieRewriting.Rewrite(new(["a=1; Domain=localhost; Path=/; HttpOnly", "domain=2; DOMAIN = .example.com;Path=/", "flourisha_access=9; Path=/"])));

    [Theory]
    [InlineData("/a/%2e%2e/b?x=%zz", "/a/%2e%2e/b?x=%zz")]
    [InlineData("http://host:80/a?b", "/a?b")]
    [InlineData("http://host?b", "/?b")]
    [InlineData("http://host", "/")]
    [InlineData("*", null)]
    [InlineData("host:80", null)]
    [InlineData("/a b", null)]
    [InlineData("/a\tb", null)]
    [InlineData("/a#b", null)]
    [InlineData("/\u00e9", null)]
    public void A_target_is_passed_on_as_it_was_written_or_not_at_all(string target, string? expected)
    {
        Assert.Equal(expected, RequestTarget.PathOf(target));
        if (expected is not null)
            Assert.Equal(expected, RequestTarget.At("http://localhost:8000", expected).PathAndQuery);
    }
}
