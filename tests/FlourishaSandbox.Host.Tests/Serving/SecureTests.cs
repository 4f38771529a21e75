using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>A gateway with a certificate, over HTTP/2 where clients speak it.</summary>
public sealed class SecureTests(GatewayHouse house) : GatewayTests(house)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flourisha-gateway-").FullName;
    private GatewayProcess? _gateway;

    private GatewayProcess Gateway => _gateway!;

    private string InFolder(string name) => Path.Combine(_folder, name);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var (certificate, key) = Write("gateway", password: null);
        _gateway = await GatewayProcess.StartAsync("--certificate", certificate, "--certificate-key", key);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();

        Directory.Delete(_folder, recursive: true);
        await base.DisposeAsync();
    }

    private (string Certificate, string Key) Write(string name, string? password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}.localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        var (pem, keyPem, pfx) = (InFolder($"{name}.pem"), InFolder($"{name}.key"), InFolder($"{name}.pfx"));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(keyPem, password is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)));
        File.WriteAllBytes(pfx, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password));
        return (pem, keyPem);
    }

    private HttpClient Client(Sandboxes.Sandbox sandbox, Version version, GatewayProcess? gateway = null)
    {
        var client = Clients.Create(gateway ?? Gateway, GatewayHouse.HostOf(sandbox), "https");
        client.DefaultRequestVersion = version;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return client;
    }

    public static TheoryData<string> Versions => new("1.1", "2.0");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_app_is_told_how_its_user_came(string version)
    {
        using var client = Client(House.Open, Version.Parse(version));
        using var answer = await client.GetAsync("/head", Limits.Token);
        Assert.Equal(Version.Parse(version), answer.Version);
        var head = await answer.Content.ReadAsStringAsync(Limits.Token);
        Assert.StartsWith("GET /head HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Proto: https\r\n", head, StringComparison.Ordinal);
        using var away = await client.GetAsync("/away", Limits.Token);
        Assert.Equal($"https://{GatewayHouse.HostOf(House.Open)}:{Gateway.Port}/there?x=1", away.Headers.Location?.OriginalString);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_private_port_asks_for_its_token_and_its_cookie_is_the_hosts_alone(string version)
    {
        using var client = Client(House.Closed, Version.Parse(version));
        using var unknown = await client.GetAsync("/", Limits.Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        using var exchanged = await client.GetAsync($"/?{PortAccess.LinkParameter}={House.Access.LinkFor(House.Closed, GatewayHouse.Port, DateTimeOffset.UtcNow.AddMinutes(5))}", Limits.Token);
        var cookie = exchanged.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-flourisha_access=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", cookie.Split(';')[0]);
        Assert.Equal("hello from 8000", await client.GetStringAsync("/", Limits.Token));
    }

    [Theory]
    [InlineData("OPEN", "CLOSED")]
    [InlineData("CLOSED", "OPEN")]
    [InlineData("CLOSED", null)]
    [InlineData("OPEN@CLOSED", null)]
    [InlineData("CLOSED.", null)]
    [InlineData(null, "CLOSED")]
    public async Task With_two_names_in_one_request_the_private_one_is_not_reached(string? authority, string? host)
    {
        var word = NewWord();
        string? Named(string? name) => name?.Replace("OPEN", GatewayHouse.HostOf(House.Open), StringComparison.Ordinal).Replace("CLOSED", GatewayHouse.HostOf(House.Closed), StringComparison.Ordinal);
        await using var connection = await Http2Connection.OpenAsync(Gateway.Port);
        var answer = await connection.GetAsync($"/{word}", Named(authority), Named(host));
        Assert.DoesNotContain(GatewayHouse.Secret, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(word, await House.SeenAsync(House.Closed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_connection_serves_the_open_one()
    {
        var word = NewWord();
        await using var connection = await Http2Connection.OpenAsync(Gateway.Port);
        Assert.Contains("hello from 8000", await connection.GetAsync($"/{word}", GatewayHouse.HostOf(House.Open), host: null), StringComparison.Ordinal);
        Assert.Contains(word, await House.SeenAsync(House.Open), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_socket_goes_through(string version)
    {
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(Clients.CreateHandler(Gateway));
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader(PortAccess.TokenHeader, House.Token);
        await socket.ConnectAsync(new Uri($"wss://{GatewayHouse.HostOf(House.Closed)}:{Gateway.Port}/socket"), invoker, Limits.Token);
        await socket.SendAsync(new byte[1000], WebSocketMessageType.Binary, endOfMessage: true, Limits.Token);
        Assert.Equal(1000, (await socket.ReceiveAsync(new byte[2000], Limits.Token)).Count);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Limits.Token);
    }

    [Theory]
    [InlineData("pfx", "with a pass word")]
    [InlineData("pfx", null)]
    [InlineData("pem", "with a pass word")]
    public async Task Certificates_come_in_several_forms(string form, string? password)
    {
        var (pem, key) = Write("other", password);
        List<string> words = form == "pfx" ? ["--certificate", InFolder("other.pfx")] : ["--certificate", pem, "--certificate-key", key];
        if (password is not null)
        {
            File.WriteAllText(InFolder("password"), password + "\n");
            words.AddRange(["--certificate-password-file", InFolder("password")]);
        }

        await using var gateway = await GatewayProcess.StartAsync([.. words]);
        using var client = Client(House.Open, HttpVersion.Version20, gateway);
        Assert.Equal("hello from 8000", await client.GetStringAsync("/", Limits.Token));
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_repeated()
    {
        Write("third", "right");
        File.WriteAllText(InFolder("password"), "wrong-one");
        var (exitCode, error) = await GatewayProcess.RunAsync("--port", $"{GatewayProcess.FindFreePort()}", "--certificate", InFolder("third.pfx"), "--certificate-password-file", InFolder("password"));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("third.pfx", error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", error, StringComparison.Ordinal);
    }
}
