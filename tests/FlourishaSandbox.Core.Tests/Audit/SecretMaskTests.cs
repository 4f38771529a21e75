using FlourishaSandbox.Audit;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Audit;

/// <summary>Which secrets are seen in a command, and what is left as it is.</summary>
public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("export GITHUB_TOKEN=abc123 && make", "export GITHUB_TOKEN=*** && make")]
    [InlineData("DB_PASSWORD='two words' ./run", "DB_PASSWORD=*** ./run")]
    [InlineData("curl -H \"Authorization: Bearer abc.def\" https://example.com", "curl -H \"Authorization: Bearer ***\" https://example.com")]
    [InlineData("curl -u me:hunter2 https://example.com", "curl -u me:*** https://example.com")]
    [InlineData("git clone https://me:hunter2@example.com/a.git", "git clone https://me:***@example.com/a.git")]
    [InlineData("tool --password hunter2 --verbose", "tool --password *** --verbose")]
    [InlineData("tool --api-key=hunter2 x", "tool --api-key=*** x")]
    [InlineData("echo '{\"client_secret\": \"hunter2\"}'", "echo '{\"client_secret\": ***}'")]
    [InlineData("login ghp_0123456789abcdefghij0123456789abcdef", "login ***")]
    [InlineData("aws AKIAIOSFODNN7EXAMPLE", "aws ***")]
    [InlineData("t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "t ***")]
    [InlineData("cat <<E\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nE", "cat <<E\n***\nE")]
    [InlineData("cat <<E\n-----BEGIN PRIVATE KEY-----\nMIIE without an end", "cat <<E\n***")]
    public void What_looks_like_a_secret_is_masked(string command, string expected) => Assert.Equal(expected, new SecretMask([]).Apply(command));

    [Theory]
    [InlineData("python3 -m pytest -q tests/test_tokens.py")]
    [InlineData("git log --oneline | head -5")]
    [InlineData("curl -u me https://example.com:8443/path")]
    [InlineData("ls -la /workspace/secrets")]
    public void What_does_not_is_left_as_it_is(string command) => Assert.Equal(command, new SecretMask([]).Apply(command));

    [Fact]
    public void Ones_own_rules_mask_their_group_or_all()
    {
        var mask = new SecretMask(["pin=(?<secret>[0-9]+)", "project-x"]);
        Assert.Equal("pin=*** for ***", mask.Apply("pin=1234 for project-x"));
    }

    [Fact]
    public void A_rule_that_takes_too_long_hides_all() => Assert.Equal("***", new SecretMask([@"(\w|\w\w)+!"]).Apply(new string('a', 60)));

    [Fact]
    public void A_rule_that_is_none_is_named()
    {
        var e = Assert.Throws<SandboxException>(() => new AuditSettings { MaskPatterns = ["("] }.Validate());
        Assert.Equal(SandboxError.InvalidOption, e.Error);
        Assert.StartsWith("audit.maskPatterns '(' is no regular expression", e.Message, StringComparison.Ordinal);
    }
}
