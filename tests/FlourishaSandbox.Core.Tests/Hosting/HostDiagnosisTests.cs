using System.Globalization;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>Why an app does not answer, on a real engine: each case has words of its own, whichever way leads to it.</summary>
public sealed class HostDiagnosisTests
{
    private const int Named = 8000;
    private const int Late = 8001;

    // Long enough for a server to start on a busy machine; what is waited for in vain is waited for so long.
    private const double Patience = 6;

    private static async Task<(SandboxHouse House, Sandbox Sandbox)> OpenAsync()
    {
        var house = await SandboxHouse.OpenAsync();
        return (house, await house.CreateAsync(options => options with { Ports = [Named] }));
    }

    private static Task<SandboxProcess> StartAsync(SandboxHouse house, Sandbox sandbox, string command, string? tag = null) =>
        house.Manager.Processes.StartAsync(sandbox, new() { Command = command }, new() { Tag = tag }, OperationObserver.None, Limits.Token);

    private static async Task<SandboxException> WaitInVainAsync(SandboxHouse house, Sandbox sandbox, int port, double seconds = Patience, SandboxError error = SandboxError.TimedOut, string path = "/")
    {
        var address = await house.Manager.Hosts.GetAddressAsync(sandbox, port, OperationObserver.None, Limits.Token);
        var failure = await Failure.ExpectAsync(error, () => house.Manager.Hosts.WaitAsync(address, path, TimeSpan.FromSeconds(seconds), OperationObserver.None, Limits.Token));
        Assert.Contains(address.Url.Authority, failure.Message, StringComparison.Ordinal);
        Assert.Same(sandbox, failure.Target);
        return failure;
    }

    [Fact]
    public async Task Nothing_listens_and_nothing_was_started()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 1);
        Assert.EndsWith("s: nothing listens in the sandbox.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Start a server", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Named)]
    [InlineData(Late)]
    public async Task Something_listens_elsewhere(int port)
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, "echo starting; " + TestServers.Hello(9000), 9000, "web");
        var failure = await WaitInVainAsync(house, sandbox, port, seconds: 1);
        Assert.Contains($"nothing listens on port {port} in the sandbox, but on 9000 (perl), while process ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("(web) runs. Process ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("wrote last:\n  starting", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"listen on {port}", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Named, "127.0.0.1")]
    [InlineData(Late, "127.0.0.1")]
    public async Task It_listens_on_loopback_only(int port, string listening)
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, $"echo Listening on http://localhost:{port}; " + TestServers.Hello(port, listening), port);
        var failure = await WaitInVainAsync(house, sandbox, port, seconds: 1);
        Assert.Contains($"perl listens on {listening} only", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"wrote last:\n  Listening on http://localhost:{port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Named)]
    [InlineData(Late)]
    public async Task The_app_has_ended_and_is_not_waited_for_any_longer(int port)
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await StartAsync(house, sandbox, "echo reading config; echo 'no module named app' >&2; exit 3", "api");

        // More than a test may take: it must not wait so long.
        var failure = await WaitInVainAsync(house, sandbox, port, seconds: TimeSpan.FromHours(1).TotalSeconds, error: SandboxError.AppEnded);
        Assert.Contains("(api), which was started last, has ended with exit code 3, and nothing listens in the sandbox", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("wrote last:\n  reading config\n  no module named app", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_app_has_ended_in_order()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await StartAsync(house, sandbox, "true");

        // That may be whoever started the server: it is waited for.
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 3);
        Assert.Contains("has ended with exit code 0, and nothing listens in the sandbox", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Named)]
    [InlineData(Late)]
    public async Task It_answers_with_server_errors(int port)
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, TestServers.Answer(port, """HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"""), port);
        var failure = await WaitInVainAsync(house, sandbox, port, seconds: 3, path: "/health");
        Assert.Contains("it answers with status 503", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  asked: GET /health HTTP/1.1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Named)]
    [InlineData(Late)]
    public async Task It_takes_connections_and_never_answers(int port)
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, TestServers.Silent(port), port);
        var failure = await WaitInVainAsync(house, sandbox, port, seconds: 3);
        Assert.Contains("it accepts connections, but answers nothing within ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  I am listening", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_speaks_something_else()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, TestServers.Answer(Named, ""), Named);
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 3);
        Assert.Contains($"perl listens on port {Named}, but closes connections without an answer", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "it leads from one path to the next without an end")]
    [InlineData("http://localhost:3000/login", "it leads on to http://localhost:3000/login, where only the sandbox itself would find it")]
    public async Task It_leads_astray(string location, string expected)
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, TestServers.Answer(Named, $"""HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"""), Named);
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 3);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("asked: GET / HTTP/1.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_shown_so_far_as_it_is_of_use_and_does_nothing_to_a_terminal()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        var log = """perl -e 'print "line $_ ", "x" x 400, "\n" for 1..40; print "\e]0;owned\a\e[31mred\e[0m\r\e[2Kgone\x{9b}5n\n"; exit 7'""";
        await StartAsync(house, sandbox, log);
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 600, error: SandboxError.AppEnded);
        var lines = failure.Message.Split('\n');
        Assert.InRange(lines.Length, 2, 11);
        Assert.True(failure.Message.Length < 3000, $"it has {failure.Message.Length} characters");
        Assert.DoesNotContain(lines[1..], line => line.Any(char.IsControl));
        Assert.Contains("gone", lines[^1], StringComparison.Ordinal);
        Assert.Contains(lines[1..], line => line.EndsWith("red", StringComparison.Ordinal));
        Assert.DoesNotContain("line 1 ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_a_process_gives_itself_is_not_obeyed()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, TestServers.Hello(Named, "127.0.0.1").Replace("$| = 1;", """$| = 1; $0 = "a\nb\e[31m"; """, StringComparison.Ordinal), Named);
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 1);
        Assert.Contains("listens on 127.0.0.1 only", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', failure.Message);
    }

    [Fact]
    public async Task A_sandbox_that_goes_meanwhile_is_said_to_be_gone()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        var waiting = WaitInVainAsync(house, sandbox, Named, seconds: 3);
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Contains("the sandbox is gone", (await waiting).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_sandbox_is_said_to_be_suspended()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        await TestServers.ServeAsync(house, sandbox, TestServers.Hello(Named), Named);
        var suspended = await house.Manager.Lifecycle.SuspendAsync(sandbox, OperationObserver.None, Limits.Token);
        var address = await house.Manager.Hosts.GetAddressAsync(suspended, Named, OperationObserver.None, Limits.Token);
        var failure = await Failure.ExpectAsync(SandboxError.TimedOut, () => house.Manager.Hosts.WaitAsync(address, "/", TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token));
        Assert.Contains("the sandbox is suspended", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Resume-Sandbox", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_what_was_seen_from_outside_has_to_do()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var sandbox = await house.CreateAsync(options => options with { Ports = [Named] });
        var failure = await WaitInVainAsync(house, sandbox, Named, seconds: 1);
        Assert.Contains("nothing listens in the sandbox, or only on its loopback address", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_late_is_found()
    {
        var (house, sandbox) = await OpenAsync();
        await using var _ = house;
        var late = await house.Manager.Hosts.GetAddressAsync(sandbox, Late, OperationObserver.None, Limits.Token);
        var waiting = house.Manager.Hosts.WaitAsync(late, "/", TimeSpan.FromMinutes(1), OperationObserver.None, Limits.Token);
        await StartAsync(house, sandbox, string.Create(CultureInfo.InvariantCulture, $"sleep 1; {TestServers.Hello(Late)}"));
        Assert.True((await waiting).Ready);
    }
}
