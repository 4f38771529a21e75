namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>
/// Requests that two servers may read as different numbers of requests. Each has another one in it, for a path of its own: whatever becomes of
/// the outer one, the app never sees the inner one, and the connection does not go on as if nothing had been.
/// </summary>
public sealed class SmugglingTests(GatewayHouse house) : GatewayTests(house)
{
    private const string Inner = "GET /INNER HTTP/1.1\r\nHost: OPEN\r\n\r\n";

    private async Task<(RawAnswer Answer, string Seen)> SendAsync(string request)
    {
        var word = NewWord();
        var answer = await House.SendAsync(request.Replace("INNER", word + "-inner", StringComparison.Ordinal).Replace("OUTER", word + "-outer", StringComparison.Ordinal).Replace("OPEN", GatewayHouse.HostOf(House.Open), StringComparison.Ordinal));
        var seen = string.Concat((await House.SeenAsync(House.Open)).Split("=====\n").Where(head => head.Contains(word, StringComparison.Ordinal)));
        Assert.DoesNotContain("-inner", seen, StringComparison.Ordinal);
        return (answer, seen);
    }

    [Theory]
    // A length beside a transfer coding, either way round.
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4", "5c\r\n" + Inner + "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0", "0\r\n\r\n" + Inner)]
    [InlineData("transfer-encoding: chunked\r\ncontent-length: 5", "0\r\n\r\n" + Inner)]
    // Transfer codings that some take for chunked, and some do not.
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: chunked, identity", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: identity, chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: gzip, chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: xchunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: chunked;a=1", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: \"chunked\"", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: \vchunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding: chunked\0", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding:", Inner)]
    [InlineData("Transfer-Encoding : chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding\t: chunked", "0\r\n\r\n" + Inner)]
    [InlineData(" Transfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    [InlineData("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    [InlineData("Transfer-Encoding:\r\n chunked", "0\r\n\r\n" + Inner)]
    [InlineData("X: y\nTransfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    [InlineData("X: y\rTransfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    // Lengths that are several, or none.
    [InlineData("Content-Length: 0\r\nContent-Length: 37", Inner)]
    [InlineData("Content-Length: 37\r\nContent-Length: 0", Inner)]
    [InlineData("Content-Length: 5\r\nContent-Length: 5", "12345" + Inner)]
    [InlineData("Content-Length: 0, 5", Inner)]
    [InlineData("Content-Length: -5", Inner)]
    [InlineData("Content-Length: 0x5", "12345" + Inner)]
    [InlineData("Content-Length: 5 5", "12345" + Inner)]
    [InlineData("Content-Length: 5.0", "12345" + Inner)]
    [InlineData("Content-Length:", Inner)]
    [InlineData("Content-Length: \"5\"", "12345" + Inner)]
    [InlineData("Content-Length: 18446744073709551621", "12345" + Inner)]
    [InlineData("Content-Length : 5", "12345" + Inner)]
    [InlineData("X: y\r\n Content-Length: 5", "12345" + Inner)]
    [InlineData("X: y\nContent-Length: 5", "12345" + Inner)]
    [InlineData("Content_Length: 5\r\n Y: z", Inner)]
    // Lines that end for some, and for some do not.
    [InlineData("X: y\n\n" + Inner, "")]
    [InlineData("X: y\r\r\n\r\n" + Inner, "")]
    [InlineData("X: y\0z", Inner)]
    [InlineData("X", Inner)]
    [InlineData(": x", Inner)]
    [InlineData("X y: z", Inner)]
    public async Task A_head_that_can_be_read_in_two_ways_is_refused_and_the_connection_closed(string header, string content)
    {
        var (answer, seen) = await SendAsync($"POST /OUTER HTTP/1.1\r\nHost: OPEN\r\n{header}\r\n\r\n{content}");
        Assert.Equal([400], answer.Statuses);
        Assert.Equal("", seen);
    }

    [Theory]
    [InlineData("5;x\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("5;x\n\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("5\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("5\r12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("5\r\n12345\n0\r\n\r\n" + Inner)]
    [InlineData("5\r\n123450\r\n\r\n" + Inner)]
    [InlineData("5\r\n1234567\r\n0\r\n\r\n" + Inner)]
    [InlineData("0x5\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("+5\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("-5\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData(" 5\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("g\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("100000005\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("10000000000000005\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("5\r\n12345\r\n0\n\n" + Inner)]
    public async Task Chunks_that_can_be_read_in_two_ways_end_the_connection(string content)
    {
        var (answer, _) = await SendAsync($"POST /OUTER HTTP/1.1\r\nHost: OPEN\r\nTransfer-Encoding: chunked\r\n\r\n{content}");
        Assert.Equal([400], answer.Statuses);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "5\r\n12345\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\tCHUNKED \t", "5\r\n12345\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "05;a=b;c\r\n12345\r\n000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "5\r\n12345\r\n0\r\nContent-Length: 50\r\nX-Trailer: GET /INNER\r\n\r\n")]
    [InlineData("Content-Length: 5", "12345")]
    [InlineData("Content-Length: +5", "12345")]
    [InlineData("Content-Length: 5\r\nExpect: 100-continue", "12345")]
    public async Task What_can_be_read_in_one_way_arrives_in_one_way(string header, string content)
    {
        var (answer, seen) = await SendAsync($"POST /OUTER HTTP/1.1\r\nHost: OPEN\r\n{header}\r\n\r\n{content}");
        Assert.Equal([200, 404], answer.Statuses.Where(status => status != 100));
        var lengths = seen.Split("\r\n").Where(line => line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(Assert.Single(lengths), (string[])["Content-Length: 5", "Transfer-Encoding: chunked"]);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "5\r\n12345\r\n0\r\n\r\n" + Inner)]
    [InlineData("Connection: keep-alive\r\nContent-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + Inner)]
    public async Task The_old_protocol_has_no_chunks(string header, string content)
    {
        var (answer, seen) = await SendAsync($"POST /OUTER HTTP/1.0\r\nHost: OPEN\r\n{header}\r\n\r\n{content}");
        Assert.Equal([400], answer.Statuses);
        Assert.Equal("", seen);
    }

    [Fact]
    public async Task In_the_old_protocol_a_connection_carries_one_request_unless_it_says_otherwise()
    {
        var (answer, seen) = await SendAsync("GET /OUTER HTTP/1.0\r\nHost: OPEN\r\n\r\n" + Inner);
        Assert.Equal([200], answer.Statuses);
        Assert.Contains("-outer HTTP/1.1\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/twice", "first")]
    [InlineData("/double", "")]
    public async Task What_an_app_says_beyond_an_answer_is_nobodys_answer(string path, string expected)
    {
        using var client = House.ClientOf(House.Open);
        for (var i = 0; i < 5; i++)
        {
            using var answer = await client.GetAsync(path, Limits.Token);
            Assert.Equal(expected, answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(Limits.Token) : "");
            Assert.Equal("hello from 8000", await client.GetStringAsync("/", Limits.Token));
        }
    }
}
