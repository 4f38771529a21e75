namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>What one user may take of the gateway.</summary>
public sealed class HeadLimitTests(GatewayHouse house) : GatewayTests(house)
{
    private string Host => GatewayHouse.HostOf(House.Open);

    [Fact]
    public async Task Heads_that_are_too_large_are_refused()
    {
        Assert.Equal(414, (await House.SendAsync($"GET /{new string('a', 17 << 10)} HTTP/1.1\r\nHost: {Host}\r\n\r\n")).Status);
        Assert.Equal(431, (await House.SendAsync($"GET / HTTP/1.1\r\nHost: {Host}\r\nX: {new string('a', 65 << 10)}\r\n\r\n")).Status);
        Assert.Equal(431, (await House.SendAsync($"GET / HTTP/1.1\r\nHost: {Host}\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: a\r\n"))}\r\n")).Status);
    }

    [Fact]
    public async Task Who_does_not_come_to_the_point_is_cut_off_and_keeps_nobody_waiting()
    {
        // A byte now and then, for as long as it is listened to: the limit is for the whole head.
        var slow = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RawConnection.OpenAsync(House.Gateway.Port)));
        try
        {
            await Task.WhenAll(slow.Select(each => each.SendAsync($"GET / HTTP/1.1\r\nHost: {Host}\r\nX: ")));
            using var client = House.ClientOf(House.Open);
            Assert.Equal("hello from 8000", await client.GetStringAsync("/", Limits.Token));

            var ends = slow.Select(each => each.ReadToEndAsync()).ToList();
            var all = Task.WhenAll(ends);
            while (!all.IsCompleted)
            {
                await Task.WhenAll(slow.Select(each => each.SendAsync("a")));
                await Task.WhenAny(all, Task.Delay(500, Limits.Token));
            }

            Assert.All(await all, answer => Assert.Contains(answer.Status, (int[])[0, 408]));
        }
        finally
        {
            foreach (var each in slow)
                each.Dispose();
        }
    }

    [Fact]
    public async Task An_app_that_is_asked_by_many_who_read_nothing_answers_others()
    {
        var host = Host;
        var greedy = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RawConnection.OpenAsync(House.Gateway.Port)));
        try
        {
            await Task.WhenAll(greedy.Select(each => each.SendAsync($"GET /big?20000000 HTTP/1.1\r\nHost: {host}\r\n\r\n")));
            await Task.WhenAll(greedy.Select(each => each.ReadUntilAsync("\r\n\r\n")));
            using var client = House.ClientOf(House.Open);
            Assert.Equal("hello from 8000", await client.GetStringAsync("/", Limits.Token));
        }
        finally
        {
            foreach (var each in greedy)
                each.Dispose();
        }
    }
}
