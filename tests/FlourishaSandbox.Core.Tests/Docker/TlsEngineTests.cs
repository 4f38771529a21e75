using System.Diagnostics;
using System.Globalization;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A second real engine that listens with TLS, with its own data, beside the machine's.</summary>
public sealed class TlsEngine : IAsyncLifetime
{
    private const string MachineBridge = "/sys/class/net/docker0";

    private readonly TemporaryFolder _folder = new();
    private readonly string _bridge = "fst" + Guid.NewGuid().ToString("N")[..10];
    private TestDaemon? _daemon;

    public string? WhyNot { get; private set; }

    public int Port { get; private set; }

    internal TestCertificates Certificates { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var program = TestDaemon.Find("/usr/sbin/dockerd", "/usr/bin/dockerd");
        WhyNot = program is null ? "dockerd is not installed"
            : Environment.UserName != "root" ? "a second engine needs root"
            : !await IpAsync("link", "add", "name", _bridge, "type", "bridge") ? "a bridge for a second engine cannot be made (ip link add)" : null;
        if (WhyNot is not null)
            return;
        Assert.True(await IpAsync("addr", "add", "198.18.78.1/28", "dev", _bridge) && await IpAsync("link", "set", _bridge, "up"));
        var hadMachineBridge = Directory.Exists(MachineBridge);
        Port = TestDaemon.FreePort();
        _daemon = TestDaemon.Start(_folder["log"], program!,
            "--host", string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{Port}"),
            "--tlsverify",
            "--tlscacert", _folder.Write("ca.pem", Certificates.CaPem),
            "--tlscert", _folder.Write("server.pem", Certificates.ServerPem),
            "--tlskey", _folder.Write("server-key.pem", Certificates.ServerKeyPem),
            "--data-root", _folder["data"],
            "--exec-root", _folder["exec"],
            "--pidfile", _folder["pid"],
            "--config-file", _folder.Write("daemon.json", "{}"),
            "--label", "flourisha.sandbox=test",
            // Not "none": an engine that is told to have no bridge removes docker0, which is the other engine's.
            "--bridge", _bridge, "--iptables=false", "--ip-forward=false");
        await _daemon.UntilAsync(() => TestDaemon.AcceptsAsync(Port));
        using var client = Connect(Certificates.Client);
        await _daemon.UntilAsync(async () =>
        {
            try
            {
                await client.System.InfoAsync(Limits.Token);
                return true;
            }
            catch (DockerUnreachableException)
            {
                return false;
            }
        });
        Assert.Equal(hadMachineBridge, Directory.Exists(MachineBridge));
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        await IpAsync("link", "delete", _bridge);
        // An engine that is killed leaves its data folder mounted upon itself.
        using (var unmount = Process.Start(new ProcessStartInfo("umount", ["--quiet", _folder["data"]]) { RedirectStandardError = true })!)
            await unmount.WaitForExitAsync();
        _folder.Dispose();
    }

    private static async Task<bool> IpAsync(params string[] arguments)
    {
        var program = TestDaemon.Find("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip");
        if (program is null)
            return false;
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    /// <summary>A client through the same variables that a user would set.</summary>
    internal DockerClient Connect(DockerTlsMaterial material, string host = "127.0.0.1")
    {
        Assert.SkipWhen(WhyNot is not null, WhyNot ?? "");
        using var certificates = new TemporaryFolder();
        foreach (var (name, pem) in new[] { ("ca.pem", material.CaPem), ("cert.pem", material.CertificatePem), ("key.pem", material.KeyPem) })
        {
            if (pem is not null)
                certificates.Write(name, pem);
        }
        var variables = new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = string.Create(CultureInfo.InvariantCulture, $"tcp://{host}:{Port}"),
            [material.SkipVerify ? "DOCKER_TLS" : "DOCKER_TLS_VERIFY"] = "1",
            ["DOCKER_CERT_PATH"] = certificates.Path,
        };
        return new DockerClient(DockerEndpoint.Resolve(null, new DockerEnvironment(name => variables.GetValueOrDefault(name), certificates.Path, IsWindows: false)));
    }
}

[Trait("Category", Engine.Category)]
public sealed class TlsEngineTests(TlsEngine engine) : IClassFixture<TlsEngine>
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task The_right_certificates_get_everything(string host)
    {
        using var client = engine.Connect(engine.Certificates.Client, host);
        var info = await client.System.InfoAsync(Limits.Token);
        Assert.Equal((await client.System.VersionAsync(Limits.Token)).Version, info.ServerVersion);
        var name = Engine.NewName();
        await client.Volumes.CreateAsync(new VolumeCreateRequest { Name = name, Labels = Engine.Labels }, Limits.Token);
        Assert.NotNull(await client.Volumes.InspectAsync(name, Limits.Token));
        await client.Volumes.RemoveAsync(name, force: false, Limits.Token);
        Assert.True(client.Endpoint is { IsLocal: true, Source: "DOCKER_HOST" });
    }

    [Fact]
    public async Task A_command_s_input_can_be_ended_over_tls()
    {
        using var client = engine.Connect(engine.Certificates.Client);
        await client.Images.ImportAsync("flourisha-test-host", "1", ["LABEL flourisha.sandbox=test"], HostRootFileSystem.WriteTarAsync, Limits.Token);
        var container = await client.Containers.CreateAsync(new ContainerCreateRequest
        {
            Image = "flourisha-test-host:1",
            Cmd = ["/bin/sleep", "600"],
            Labels = Engine.Labels,
            HostConfig = new HostConfig { NetworkMode = "none" },
        }, Engine.NewName(), Limits.Token);
        try
        {
            await client.Containers.StartAsync(container.Id, Limits.Token);
            var input = new byte[3_000_000];
            new Random(2).NextBytes(input);
            var result = await TestCommand.RunAsync(client, container.Id, new ExecCreateRequest { Cmd = ["/bin/sh", "-c", "/bin/cat; echo end >&2; exit 4"] }, input);
            Assert.True(input.AsSpan().SequenceEqual(result.Output), $"{result.Output.Length} bytes came back, or others");
            Assert.Equal(("end\n", 4), (result.ErrorText, result.ExitCode ?? -1));
        }
        finally
        {
            await client.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, CancellationToken.None);
            await client.Images.RemoveAsync("flourisha-test-host:1", force: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        using var client = engine.Connect(engine.Certificates.Client with { CertificatePem = null, KeyPem = null });
        var exception = await Assert.ThrowsAsync<DockerUnreachableException>(() => client.System.InfoAsync(Limits.Token));
        Assert.Contains("cert.pem", exception.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_another_authority_is_refused()
    {
        var other = new TestCertificates();
        using var client = engine.Connect(engine.Certificates.Client with { CertificatePem = other.ClientPem, KeyPem = other.ClientKeyPem });
        await Assert.ThrowsAsync<DockerUnreachableException>(() => client.System.InfoAsync(Limits.Token));
    }

    [Fact]
    public async Task An_engine_of_another_authority_is_refused_unless_the_user_said_not_to_verify()
    {
        var other = engine.Certificates.Client with { CaPem = new TestCertificates().CaPem };
        using var verifying = engine.Connect(other);
        var exception = await Assert.ThrowsAsync<DockerUnreachableException>(() => verifying.System.InfoAsync(Limits.Token));
        Assert.Contains("certificate", exception.Message, StringComparison.OrdinalIgnoreCase);
        using var trusting = engine.Connect(other with { SkipVerify = true });
        Assert.NotEmpty((await trusting.System.InfoAsync(Limits.Token)).ID);
    }

    [Fact]
    public async Task An_engine_that_no_authority_vouches_for_is_refused()
    {
        using var client = engine.Connect(engine.Certificates.Client with { CaPem = null });
        await Assert.ThrowsAsync<DockerUnreachableException>(() => client.System.InfoAsync(Limits.Token));
    }

    [Fact]
    public async Task Certificates_that_are_none_are_named()
    {
        using var client = engine.Connect(new DockerTlsMaterial("rubbish", null, null, SkipVerify: false));
        Assert.Contains("ca.pem", (await Assert.ThrowsAsync<DockerUnreachableException>(() => client.System.InfoAsync(Limits.Token))).Message, StringComparison.Ordinal);
        using var broken = engine.Connect(engine.Certificates.Client with { KeyPem = new TestCertificates().ClientKeyPem });
        Assert.Contains("key.pem", (await Assert.ThrowsAsync<DockerUnreachableException>(() => broken.System.InfoAsync(Limits.Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speaking_plainly_to_an_engine_that_wants_tls_says_what_to_set()
    {
        Assert.SkipWhen(engine.WhyNot is not null, engine.WhyNot ?? "");
        using var client = new DockerClient(DockerEndpoint.Resolve(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{engine.Port}"),
            new DockerEnvironment(_ => null, "/nowhere", IsWindows: false)));
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => client.System.InfoAsync(Limits.Token));
        Assert.Contains("HTTPS", exception.Message, StringComparison.Ordinal);
    }
}
