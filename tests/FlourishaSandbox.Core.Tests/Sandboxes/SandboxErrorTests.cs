using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class SandboxErrorTests
{
    public static TheoryData<SandboxError> Errors() => [.. Enum.GetValues<SandboxError>()];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_failure_has_an_exit_code_that_a_shell_can_tell_from_success_and_signals(SandboxError error) => Assert.InRange(error.ExitCode(), 1, 127);

    [Theory]
    [InlineData(SandboxError.InvalidOption, 2)]
    [InlineData(SandboxError.TimedOut, 124)]
    [InlineData(SandboxError.CommandNotFound, 127)]
    [InlineData(SandboxError.SandboxNotFound, 3)]
    [InlineData(SandboxError.NameInUse, 4)]
    [InlineData(SandboxError.EngineUnreachable, 5)]
    [InlineData(SandboxError.CommandFailed, 1)]
    public void The_codes_that_scripts_rely_on_stay(SandboxError error, int code) => Assert.Equal(code, error.ExitCode());
}
