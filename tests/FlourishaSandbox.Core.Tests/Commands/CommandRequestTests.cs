using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Commands;

public sealed class CommandRequestTests
{
    public static TheoryData<CommandRequest> Wrong() =>
    [
        new CommandRequest { Command = "" },
        new CommandRequest { Command = "  \n" },
        new CommandRequest { Command = "a\0b" },
        new CommandRequest { Command = "ls", Arguments = ["-l", "\0"] },
        new CommandRequest { Command = "ls", Timeout = TimeSpan.Zero },
        new CommandRequest { Command = "ls", Timeout = TimeSpan.FromSeconds(-5) },
        new CommandRequest { Command = "ls", WorkingDirectory = "relative" },
        new CommandRequest { Command = "ls", User = "a b" },
        new CommandRequest { Command = "ls", Environment = new Dictionary<string, string> { ["A=B"] = "" } },
    ];

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_no_engine_could_run_is_refused_before_it_is_asked(CommandRequest request) =>
        Failure.Expect(SandboxError.InvalidOption, request.Validate);

    [Fact]
    public void A_line_goes_to_a_shell_and_a_program_with_arguments_does_not()
    {
        Assert.Equal(["/bin/sh", "-c", "echo $HOME"], new CommandRequest { Command = "echo $HOME" }.CommandLine);
        Assert.Equal(["echo", "$HOME", ""], new CommandRequest { Command = "echo", Arguments = ["$HOME", ""] }.CommandLine);
        Assert.Equal(["true"], new CommandRequest { Command = "true", Arguments = [] }.CommandLine);
    }

    [Fact]
    public void A_span_that_no_timer_holds_is_as_good_as_any() =>
        new CommandRequest { Command = "ls", Timeout = TimeSpan.FromDays(3650) }.Validate();
}
