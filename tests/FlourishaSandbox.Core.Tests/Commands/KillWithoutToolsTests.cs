using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Commands;

[Trait("Category", Engine.Category)]
public sealed class KillWithoutToolsTests
{
    [Fact]
    public async Task Where_processes_cannot_be_found_the_whole_sandbox_stops_rather_than_that_one_goes_on()
    {
        // The PATH of an image that was stripped to what it needs: a shell, but no grep.
        using var folder = new TemporaryFolder();
        folder.Write("bare/Dockerfile", "ARG BASE_IMAGE=debian:bookworm-slim\nFROM ${BASE_IMAGE}\nRUN mkdir /only && ln -s /bin/sleep /only/sleep\nENV PATH=/only\n");
        await using var house = await SandboxHouse.OpenAsync(templates: folder.Path, hasAgents: false);
        var sandbox = await house.Manager.CreateAsync(new SandboxOptions { Template = "bare", Timeout = TimeSpan.FromMinutes(5) }, OperationObserver.None, Limits.Token);
        house.Own(await house.Manager.Images.EnsureAsync(sandbox.Image, OperationObserver.None, Limits.Token));
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = "echo before; sleep 1000", Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal((true, "before\n"), (result.TimedOut, result.Output));
        Assert.Equal(SandboxState.Stopped, (await house.AgainAsync(sandbox)).State);
    }

    [Fact]
    public async Task At_the_limit_of_processes_a_time_out_ends_everything_all_the_same()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var sandbox = await house.CreateAsync(options => options with { Limits = options.Limits with { PidLimit = 20 } });
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = "fill() { while :; do sleep 1000 & done; }; (fill) 2>/dev/null; echo full; sleep 2; echo over", Timeout = TimeSpan.FromSeconds(2) });
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("over", result.Output, StringComparison.Ordinal);
        if ((await house.AgainAsync(sandbox)).State == SandboxState.Running)
            Assert.Equal(0, await CommandTests.CountAsync(house, sandbox, "sleep 1000"));
    }

    [Fact]
    public async Task At_the_limit_of_processes_no_program_is_said_not_to_exist()
    {
        await using var house = await SandboxHouse.OpenAsync(hasAgents: false);
        var sandbox = await house.CreateAsync(options => options with { Limits = options.Limits with { PidLimit = 8 } });
        await house.Manager.StartAsync(sandbox, new CommandRequest { Command = "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; sleep 1000" }, OperationObserver.None, Limits.Token);
        for (var i = 0; i < 100; i++)
        {
            try
            {
                var result = await house.RunAsync(sandbox, "true");
                Assert.True(result.ExitCode is not null);
            }
            catch (SandboxException exception)
            {
                Assert.Equal(SandboxError.EngineFailed, exception.Error);
                Assert.Contains("limit", exception.Remedy, StringComparison.Ordinal);
                return;
            }

            await Task.Delay(50, Limits.Token);
        }

        Assert.Fail("The sandbox never was at its limit.");
    }
}
