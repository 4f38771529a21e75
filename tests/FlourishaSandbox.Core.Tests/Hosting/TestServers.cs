using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>Servers for an image that has Perl and no more.</summary>
internal static class TestServers
{
    /// <summary>Starts a server and waits until it listens, as the sandbox itself sees it.</summary>
    public static async Task ServeAsync(SandboxHouse house, Sandbox sandbox, string command, int port, string? tag = null)
    {
        await house.Manager.Processes.StartAsync(sandbox, new() { Command = command }, new() { Tag = tag }, OperationObserver.None, Limits.Token);
        while (!(await house.Manager.Ports.ListAsync(sandbox, Limits.Token)).Any(listener => listener.Port == port))
            await Task.Delay(50, Limits.Token);
    }

    /// <summary>Answers every request with one word.</summary>
    public static string Hello(int port, string address = "0.0.0.0") => Answer(port, """HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello""", address);

    /// <summary>Answers every request with the same bytes, and writes each request's first line to its output.</summary>
    public static string Answer(int port, string answer, string address = "0.0.0.0") =>
        $$"""exec perl -MIO::Socket::INET -e '$| = 1; $s = IO::Socket::INET->new(LocalAddr => "{{address}}", LocalPort => {{port}}, Listen => 50, ReuseAddr => 1) or die; while ($c = $s->accept) { $r = <$c>; print "asked: $r"; while (<$c>) { last if /^\r\n$/ } print $c "{{answer}}"; close $c }'""";

    /// <summary>Takes connections and says nothing.</summary>
    public static string Silent(int port) =>
        $$"""exec perl -MIO::Socket::INET -e '$| = 1; print "I am listening\n"; $s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => {{port}}, Listen => 50, ReuseAddr => 1) or die; while ($c = $s->accept) { push @c, $c }'""";
}
