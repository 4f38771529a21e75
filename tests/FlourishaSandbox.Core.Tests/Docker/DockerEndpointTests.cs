using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

public sealed class DockerEndpointTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string> _variables = [];

    private DockerEnvironment Environment => new(name => _variables.GetValueOrDefault(name), _home.Path, IsWindows: false);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Nothing_configured_is_the_platform_s_default()
    {
        var unix = DockerEndpoint.Resolve(null, Environment);
        Assert.Equal("unix:///var/run/docker.sock", unix.ToString());
        Assert.Equal(("default", DockerEndpointKind.UnixSocket, true, "localhost"), (unix.Source, unix.Kind, unix.IsLocal, unix.HostName));

        var windows = DockerEndpoint.Resolve("", Environment with { IsWindows = true });
        Assert.Equal("npipe:////./pipe/docker_engine", windows.ToString());
        Assert.Equal(("default", DockerEndpointKind.NamedPipe, true, "docker_engine"), (windows.Source, windows.Kind, windows.IsLocal, windows.SocketPath));
    }

    [Fact]
    public void Sources_are_asked_in_the_order_of_the_Docker_CLI()
    {
        AddContext("current", "tcp://current:1");
        AddContext("named", "tcp://named:2");
        _home.Write(".docker/config.json", """{"auths":{},"currentContext":"current"}""");
        Assert.Equal(("tcp://current:1", "context 'current'"), Resolved());
        _variables["DOCKER_CONTEXT"] = "named";
        Assert.Equal(("tcp://named:2", "context 'named'"), Resolved());
        _variables["DOCKER_HOST"] = "tcp://host:3";
        Assert.Equal(("tcp://host:3", "DOCKER_HOST"), Resolved());
        Assert.Equal(("tcp://explicit:4", "parameter"), Resolved("tcp://explicit:4"));

        (string, string) Resolved(string? value = null)
        {
            var endpoint = DockerEndpoint.Resolve(value, Environment);
            return (endpoint.ToString(), endpoint.Source);
        }
    }

    [Fact]
    public void The_context_default_named_by_a_variable_overrides_the_current_one()
    {
        AddContext("current", "tcp://current:1");
        _home.Write(".docker/config.json", """{"currentContext":"current"}""");
        _variables["DOCKER_CONTEXT"] = "default";
        Assert.Equal("default", DockerEndpoint.Resolve(null, Environment).Source);
    }

    [Fact]
    public void DOCKER_CONFIG_moves_the_configuration()
    {
        AddContext("elsewhere", "tcp://elsewhere:1", folder: "moved");
        _home.Write("moved/config.json", """{"currentContext":"elsewhere"}""");
        _variables["DOCKER_CONFIG"] = _home["moved"];
        Assert.Equal("context 'elsewhere'", DockerEndpoint.Resolve(null, Environment).Source);
    }

    [Theory]
    [InlineData("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock")]
    [InlineData("unix:///tmp/a folder/50%/x?y#z.sock", "/tmp/a folder/50%/x?y#z.sock")]
    [InlineData("npipe:////./pipe/docker_engine", "docker_engine")]
    [InlineData(@"npipe://\\.\pipe\dockerDesktopLinuxEngine", "dockerDesktopLinuxEngine")]
    public void Sockets_and_pipes_keep_their_names(string address, string path)
    {
        var endpoint = DockerEndpoint.Resolve(address, Environment);
        Assert.Equal(path, endpoint.SocketPath);
        Assert.True(endpoint.IsLocal);
        Assert.Equal("localhost", endpoint.HostName);
    }

    [Theory]
    [InlineData("tcp://build.example.com:2375", "build.example.com", 2375, false)]
    [InlineData("tcp://build.example.com", "build.example.com", 2375, false)]
    [InlineData("build.example.com:4000", "build.example.com", 4000, false)]
    [InlineData("tcp://127.0.0.1:2375/", "127.0.0.1", 2375, true)]
    [InlineData("tcp://127.8.8.8:2375", "127.8.8.8", 2375, true)]
    [InlineData("tcp://localhost:1", "localhost", 1, true)]
    [InlineData("tcp://[::1]:2375", "::1", 2375, true)]
    [InlineData("tcp://[2001:db8::1]:2375", "2001:db8::1", 2375, false)]
    [InlineData("tcp://:2375", "localhost", 2375, true)]
    [InlineData("TCP://Host:80", "host", 80, false)]
    public void Tcp_addresses_give_host_and_port(string address, string host, int port, bool isLocal)
    {
        var endpoint = DockerEndpoint.Resolve(address, Environment);
        Assert.Equal((DockerEndpointKind.Tcp, host, port, isLocal), (endpoint.Kind, endpoint.HostName, endpoint.Port, endpoint.IsLocal));
        Assert.Null(endpoint.Tls);
    }

    [Theory]
    [InlineData("ssh://me@build.example.com", "me", "build.example.com", null, "")]
    [InlineData("ssh://build.example.com:2222", null, "build.example.com", 2222, "")]
    [InlineData("ssh://me@[2001:db8::1]:22", "me", "2001:db8::1", 22, "")]
    [InlineData("ssh://me@host/run/user/1000/docker.sock", "me", "host", null, "/run/user/1000/docker.sock")]
    public void Ssh_addresses_give_user_host_port_and_socket(string address, string? user, string host, int? port, string socket)
    {
        var endpoint = DockerEndpoint.Resolve(address, Environment);
        Assert.Equal((DockerEndpointKind.Ssh, user, host, port, socket), (endpoint.Kind, endpoint.User, endpoint.HostName, endpoint.Port, endpoint.SocketPath));
        Assert.False(endpoint.IsLocal);
    }

    [Theory]
    [InlineData("unix://docker.sock", "unix:///var/run/docker.sock")]
    [InlineData("unix://", "unix:///var/run/docker.sock")]
    [InlineData("npipe://docker_engine", "npipe:////./pipe/docker_engine")]
    [InlineData("https://host:2376", "DOCKER_TLS_VERIFY")]
    [InlineData("ftp://host", "tcp://")]
    [InlineData("fd://", "tcp://")]
    [InlineData("tcp://", "tcp://host:2375")]
    [InlineData("tcp://host:99999", "tcp://host:2375")]
    [InlineData("tcp://host:0", "tcp://host:2375")]
    [InlineData("tcp://host:2375/prefix", "tcp://host:2375")]
    [InlineData("tcp://user@host:2375", "tcp://host:2375")]
    [InlineData("tcp://ho st", "tcp://host:2375")]
    [InlineData("ssh://", "ssh://user@host")]
    [InlineData("ssh://host:0", "ssh://user@host")]
    public void A_bad_address_is_named_with_its_source_and_the_remedy(string address, string remedy)
    {
        _variables["DOCKER_HOST"] = address;
        var exception = Assert.Throws<ArgumentException>(() => DockerEndpoint.Resolve(null, Environment));
        Assert.Contains($"'{address}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_HOST", exception.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, exception.Message[address.Length..], StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_an_ssh_address_is_refused_and_not_repeated()
    {
        var exception = Assert.Throws<ArgumentException>(() => DockerEndpoint.Resolve("ssh://me:hunter2@host", Environment));
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("key", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", null, true, false)]
    [InlineData("0", null, true, false)]
    [InlineData("1", "1", true, false)]
    [InlineData("", "1", true, true)]
    [InlineData(null, "1", true, true)]
    [InlineData("", null, false, false)]
    public void Tls_variables_mean_what_they_mean_to_the_Docker_CLI(string? verify, string? tls, bool isTls, bool skipsVerification)
    {
        _home.Write("certs/ca.pem", "the ca");
        _home.Write("certs/cert.pem", "the certificate");
        _home.Write("certs/key.pem", "the key");
        _variables["DOCKER_CERT_PATH"] = _home["certs"];
        if (verify is not null)
            _variables["DOCKER_TLS_VERIFY"] = verify;
        if (tls is not null)
            _variables["DOCKER_TLS"] = tls;

        var endpoint = DockerEndpoint.Resolve("tcp://host", Environment);
        Assert.Equal(isTls ? new DockerTlsMaterial("the ca", "the certificate", "the key", skipsVerification) : null, endpoint.Tls);
        Assert.Equal(isTls ? 2376 : 2375, endpoint.Port);
        Assert.Null(DockerEndpoint.Resolve("unix:///x", Environment).Tls);
    }

    [Fact]
    public void Certificates_are_looked_for_in_the_configuration_folder_where_no_path_is_set()
    {
        _home.Write(".docker/ca.pem", "the ca");
        _variables["DOCKER_TLS_VERIFY"] = "1";
        Assert.Equal(new DockerTlsMaterial("the ca", null, null, false), DockerEndpoint.Resolve("tcp://host", Environment).Tls);
    }

    [Fact]
    public void A_certificate_path_that_is_not_there_is_named()
    {
        _variables["DOCKER_TLS_VERIFY"] = "1";
        _variables["DOCKER_CERT_PATH"] = _home["nowhere"];
        var exception = Assert.Throws<ArgumentException>(() => DockerEndpoint.Resolve("tcp://host", Environment));
        Assert.Contains(_home["nowhere"], exception.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_CERT_PATH", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_private_key_is_never_printed()
    {
        Assert.DoesNotContain("SECRET", new DockerTlsMaterial("ca", "cert", "SECRET", false).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, true, false)]
    [InlineData(true, true, true, true)]
    [InlineData(false, true, true, true)]
    [InlineData(false, false, false, false)]
    public void A_context_brings_its_own_tls(bool hasFiles, bool skipVerify, bool isTls, bool skipsVerification)
    {
        AddContext("remote", "tcp://remote:2376", skipVerify);
        if (hasFiles)
            _home.Write($".docker/contexts/tls/{FolderName("remote")}/docker/ca.pem", "context ca");
        _variables["DOCKER_CONTEXT"] = "remote";
        // A context does not take the variables' certificates.
        _variables["DOCKER_TLS_VERIFY"] = "1";
        var tls = DockerEndpoint.Resolve(null, Environment).Tls;
        Assert.Equal(isTls ? new DockerTlsMaterial(hasFiles ? "context ca" : null, null, null, skipsVerification) : null, tls);
    }

    [Fact]
    public void A_context_that_does_not_exist_is_named_with_who_names_it()
    {
        _variables["DOCKER_CONTEXT"] = "gone";
        var exception = Assert.Throws<ArgumentException>(() => DockerEndpoint.Resolve(null, Environment));
        Assert.Contains("'gone'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_CONTEXT", exception.Message, StringComparison.Ordinal);
        Assert.Contains("docker context", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "{ not json")]
    [InlineData("config.json", "")]
    [InlineData("config.json", "null")]
    public void A_broken_configuration_is_named(string file, string text)
    {
        var path = _home.Write($".docker/{file}", text);
        var exception = Assert.Throws<ArgumentException>(() => DockerEndpoint.Resolve(null, Environment));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_without_a_Docker_endpoint_is_named()
    {
        _home.Write($".docker/contexts/meta/{FolderName("k8s")}/meta.json", """{"Name":"k8s","Endpoints":{"kubernetes":{}}}""");
        _variables["DOCKER_CONTEXT"] = "k8s";
        Assert.Contains("'k8s'", Assert.Throws<ArgumentException>(() => DockerEndpoint.Resolve(null, Environment)).Message, StringComparison.Ordinal);
    }

    private static string FolderName(string context) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context)));

    private void AddContext(string name, string host, bool skipVerify = false, string folder = ".docker") =>
        _home.Write($"{folder}/contexts/meta/{FolderName(name)}/meta.json",
            "{\"Name\":\"" + name + "\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\"" + host + "\",\"SkipTLSVerify\":" + (skipVerify ? "true" : "false") + "}}}");
}
