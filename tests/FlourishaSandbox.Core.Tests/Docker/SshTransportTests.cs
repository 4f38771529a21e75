using FlourishaSandbox.Docker;
using FlourishaSandbox.Docker.Transport;

namespace FlourishaSandbox.Core.Tests.Docker;

public sealed class SshTransportTests
{
    [Theory]
    [InlineData("ssh://host", "-o ConnectTimeout=30 -T -- host docker system dial-stdio")]
    [InlineData("ssh://me@host:2222", "-o ConnectTimeout=30 -T -l me -p 2222 -- host docker system dial-stdio")]
    [InlineData("ssh://me@[2001:db8::1]", "-o ConnectTimeout=30 -T -l me -- 2001:db8::1 docker system dial-stdio")]
    [InlineData("ssh://host/run/user/1/docker.sock", "-o ConnectTimeout=30 -T -- host docker --host 'unix:///run/user/1/docker.sock' system dial-stdio")]
    [InlineData("ssh://host/a'b", "-o ConnectTimeout=30 -T -- host docker --host 'unix:///a'\\''b' system dial-stdio")]
    public void The_arguments_are_those_of_the_Docker_CLI(string address, string arguments)
    {
        Assert.Equal(arguments, string.Join(' ', SshTransport.Arguments(DockerEndpoint.Resolve(address))));
    }

    [Theory]
    [InlineData("ssh://-oProxyCommand=touch%20x")]
    [InlineData("ssh://me@-oProxyCommand=x")]
    public void A_host_that_looks_like_an_option_is_none(string address)
    {
        try
        {
            var arguments = SshTransport.Arguments(DockerEndpoint.Resolve(address)).ToList();
            Assert.True(arguments.IndexOf("--") < arguments.FindIndex(argument => argument.StartsWith("-oproxy", StringComparison.OrdinalIgnoreCase)));
        }
        catch (ArgumentException exception)
        {
            Assert.Contains("ssh://user@host", exception.Message, StringComparison.Ordinal);
        }
    }
}
