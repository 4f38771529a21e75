using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Docker.Transport;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A real sshd on the loopback, with keys of its own, and an <c>ssh</c> that knows them.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class LoopbackSshd : IAsyncLifetime
{
    private const string PrivilegeSeparationFolder = "/run/sshd";

    private readonly TemporaryFolder _folder = new();
    private TestDaemon? _daemon;
    private bool _madeFolder;

    public string? WhyNot { get; private set; }

    public int Port { get; private set; }

    /// <summary>The processes of the wrapper that runs ssh, by name.</summary>
    public string Program => _folder["ssh"];

    public async ValueTask InitializeAsync()
    {
        var sshd = TestDaemon.Find("/usr/sbin/sshd");
        WhyNot = sshd is null ? "openssh-server is not installed"
            : TestDaemon.Find("/usr/bin/ssh-keygen") is null ? "openssh-client is not installed"
            : TestDaemon.Find("/usr/local/bin/docker", "/usr/bin/docker") is null ? "the docker client, whose dial-stdio is needed, is not installed"
            : Environment.UserName != "root" ? "logging in over the loopback needs root" : null;
        if (WhyNot is not null)
            return;
        _madeFolder = !Directory.Exists(PrivilegeSeparationFolder);
        Directory.CreateDirectory(PrivilegeSeparationFolder, (UnixFileMode)0b111_101_101);
        await MakeKeyAsync("host");
        await MakeKeyAsync("client");
        Port = TestDaemon.FreePort();
        var port = Port.ToString(CultureInfo.InvariantCulture);
        _daemon = TestDaemon.Start(_folder["log"], sshd!, "-D", "-e", "-f", _folder.Write("sshd_config", $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {_folder["host"]}
            AuthorizedKeysFile {_folder["client.pub"]}
            PidFile {_folder["pid"]}
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            MaxStartups 100
            """));
        _folder.Write("known_hosts", $"[127.0.0.1]:{port} {await File.ReadAllTextAsync(_folder["host.pub"])}");
        var config = _folder.Write("config", $"""
            Host *
                IdentityFile {_folder["client"]}
                IdentitiesOnly yes
                UserKnownHostsFile {_folder["known_hosts"]}
                GlobalKnownHostsFile /dev/null
                StrictHostKeyChecking yes
                BatchMode yes
            """);
        File.SetUnixFileMode(_folder.Write("ssh", $"#!/bin/sh\nexec ssh -F {config} \"$@\"\n"), (UnixFileMode)0b111_101_101);
        await _daemon.UntilAsync(() => TestDaemon.AcceptsAsync(Port));
        SshTransport.Program = Program;
    }

    public async ValueTask DisposeAsync()
    {
        SshTransport.Program = "ssh";
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        if (_madeFolder)
            Directory.Delete(PrivilegeSeparationFolder);
        _folder.Dispose();
    }

    internal async Task<DockerClient> ConnectAsync(string path = "")
    {
        Assert.SkipWhen(WhyNot is not null, WhyNot ?? "");
        await Engine.ClientAsync();
        return new DockerClient(DockerEndpoint.Resolve(string.Create(CultureInfo.InvariantCulture, $"ssh://root@127.0.0.1:{Port}{path}")));
    }

    /// <summary>How many ssh processes with our configuration there are.</summary>
    internal int Processes() => Process.GetProcesses().Count(process =>
    {
        using (process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0') is ["ssh", "-F", var config, ..] && config == _folder["config"];
            }
            catch (IOException)
            {
                return false;
            }
        }
    });

    private async Task MakeKeyAsync(string name)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _folder[name]]) { RedirectStandardOutput = true })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}

[Trait("Category", Engine.Category)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SshEngineTests(LoopbackSshd sshd) : IClassFixture<LoopbackSshd>
{
    [Fact]
    public async Task Requests_commands_and_uploads_go_through_ssh_and_no_process_is_left()
    {
        using (var client = await sshd.ConnectAsync())
        {
            Assert.Equal(await (await Engine.ClientAsync()).System.InfoAsync(Limits.Token) is var info ? info.ID : "", (await client.System.InfoAsync(Limits.Token)).ID);
            Assert.Equal(("127.0.0.1", false), (client.Endpoint.HostName, client.Endpoint.IsLocal));
            await using var container = await TestContainer.StartAsync();

            var input = RandomNumberGenerator.GetBytes(2_000_000);
            var result = await TestCommand.RunAsync(client, container.Id, new ExecCreateRequest { Cmd = ["sh", "-c", "cat; echo end >&2; exit 6"] }, input);
            Assert.True(input.AsSpan().SequenceEqual(result.Output), $"{result.Output.Length} bytes came back, or others");
            Assert.Equal(("end\n", 6), (result.ErrorText, result.ExitCode ?? -1));

            await client.Containers.PutArchiveAsync(container.Id, "/tmp", (stream, token) => BuildContext.WriteTarAsync(AppContext.BaseDirectory, "", stream, token), ownedByContainerUser: false, Limits.Token);
            Assert.Equal(Path.GetFileName(Environment.ProcessPath), (await client.Containers.StatPathAsync(container.Id, "/tmp/" + Path.GetFileName(Environment.ProcessPath), Limits.Token))?.Name);
            var refused = await Assert.ThrowsAsync<DockerException>(() => client.Containers.PutArchiveAsync(container.Id, "/nowhere", async (stream, token) =>
            {
                for (var i = 0; i < 100; i++)
                    await stream.WriteAsync(new byte[1 << 20], token);
            }, ownedByContainerUser: false, Limits.Token));
            Assert.Contains("/nowhere", refused.Message, StringComparison.Ordinal);
        }
        await NoProcessIsLeftAsync();
    }

    [Fact]
    public async Task A_socket_s_path_goes_to_the_other_side()
    {
        using var client = await sshd.ConnectAsync("/var/run/docker.sock");
        Assert.NotEmpty((await client.System.InfoAsync(Limits.Token)).ID);
        using var wrong = await sshd.ConnectAsync("/nowhere/a'b $(touch x).sock");
        Assert.Contains("nowhere", (await Assert.ThrowsAsync<DockerUnreachableException>(() => wrong.System.InfoAsync(Limits.Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_cancelled_leaves_no_process()
    {
        using (var client = await sshd.ConnectAsync())
        {
            await using var container = await TestContainer.StartAsync();
            var id = await client.Execs.CreateAsync(container.Id, new ExecCreateRequest { Cmd = ["sleep", "600"] }, Limits.Token);
            using var cancelling = new CancellationTokenSource();
            await using (var stream = await client.Execs.StartAsync(id, tty: false, Limits.Token))
            {
                var reading = stream.ReadAsync(new byte[10], cancelling.Token).AsTask();
                await cancelling.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            }
        }
        await NoProcessIsLeftAsync();
    }

    [Fact]
    public async Task What_ssh_says_is_in_the_error()
    {
        using var client = await sshd.ConnectAsync();
        using var refused = new DockerClient(DockerEndpoint.Resolve(client.Endpoint.ToString().Replace("root@", "nobody@", StringComparison.Ordinal)));
        var exception = await Assert.ThrowsAsync<DockerUnreachableException>(() => refused.System.InfoAsync(Limits.Token));
        Assert.Contains("Permission denied", exception.Message, StringComparison.Ordinal);
        Assert.Contains("nobody@127.0.0.1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("dial-stdio", exception.Remedy, StringComparison.Ordinal);
    }

    private async Task NoProcessIsLeftAsync()
    {
        // A killed process takes a moment to be reaped.
        for (var i = 0; i < 200 && sshd.Processes() > 0; i++)
            await Task.Delay(25);
        Assert.Equal(0, sshd.Processes());
    }
}
