using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>The gateway reaches nothing but sandboxes.</summary>
public sealed class ReachTests(GatewayHouse house) : GatewayTests(house)
{
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.169.254:80")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("80-169.254.169.254.localhost")]
    [InlineData("80-169-254-169-254.localhost")]
    [InlineData("80-2852039166.localhost")]
    [InlineData("2375-host.localhost")]
    [InlineData("2375-localhost.localhost")]
    [InlineData("80-metadata.localhost")]
    [InlineData("80-host.docker.internal.localhost")]
    [InlineData("80-0.localhost")]
    [InlineData("80-..localhost")]
    public async Task Names_of_other_things_lead_nowhere(string host)
    {
        var answer = await House.SendAsync($"GET /latest/meta-data/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Equal(404, answer.Status);
        Assert.Matches($"\r\n{GatewayAnswer.Header}: (no-name|unknown)\r\n", answer.Text);
    }

    [Fact]
    public async Task What_listens_on_this_machine_is_not_reached()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        foreach (var host in (string[])["localhost", "127.0.0.1", "127-0-0-1.localhost", $"{port}-localhost.localhost", $"{port}-127.0.0.1.localhost", $"{port}-{Dns.GetHostName()}.localhost", GatewayHouse.HostOf(House.Open, port)])
        {
            foreach (var target in (string[])["/", $"http://127.0.0.1:{port}/"])
            {
                var answer = await House.SendAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
                Assert.Contains(answer.Status, (int[])[400, 404, 502]);
            }
        }

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Containers_that_are_no_sandboxes_are_not_reached()
    {
        using var client = new DockerClient(DockerEndpoint.Resolve());
        foreach (var labels in (Dictionary<string, string>[])[[], new() { ["flourisha.sandbox"] = "test" }, new() { ["flourisha.sandbox"] = "agent" }])
        {
            var name = $"gateway-test-{NewWord()}";
            var request = new ContainerCreateRequest
            {
                Image = GatewayHouse.Image,
                Cmd = ["perl", "-MIO::Socket::INET", "-e", "$s = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => 8000, Listen => 5) or die; while ($c = $s->accept) { print $c \"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi\" }"],
                Labels = labels,
                HostConfig = new HostConfig { Init = true },
            };
            var container = await client.Containers.CreateAsync(request, name, Limits.Token);
            try
            {
                await client.Containers.StartAsync(container.Id, Limits.Token);

                // The gateway hears what happens in its order: when it knows a sandbox that was made later, it would know this one.
                var later = await House.CreateAsync();
                using (var known = House.ClientOf(later))
                using (await Retry.UntilAsync(() => known.GetAsync("/", Limits.Token), answer => answer.StatusCode == HttpStatusCode.BadGateway))
                    await House.Manager.RemoveAsync(later, Sandboxes.OperationObserver.None, Limits.Token);

                foreach (var host in (string[])[container.Id[..12], container.Id[..63], name])
                    Assert.Equal([404, 404], (await House.SendAsync($"GET / HTTP/1.1\r\nHost: 8000-{host}.localhost\r\n\r\n")).Statuses);
            }
            finally
            {
                await client.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, CancellationToken.None);
            }
        }
    }
}
