using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Commands;

/// <summary>Commands through the agent.</summary>
public sealed class AgentCommandTests(SharedSandbox shared) : CommandTests(shared), IClassFixture<SharedSandbox>;

/// <summary>Commands through the engine, of a sandbox without an agent.</summary>
public sealed class EngineCommandTests(BareSandbox bare) : CommandTests(bare), IClassFixture<BareSandbox>;

/// <summary>What holds for a command, whichever way it goes.</summary>
[Trait("Category", Engine.Category)]
public abstract class CommandTests(SharedSandbox shared)
{
    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) => variables.ToDictionary(variable => variable.Name, variable => variable.Value);

    /// <summary>How many processes of the sandbox have this in their command line, but for the one that counts.</summary>
    internal static async Task<int> CountAsync(SandboxHouse house, Sandbox sandbox, string text) =>
        int.Parse(await house.ShellAsync(sandbox, $"grep -lsa -e '{text[..^1]}[{text[^1]}]' /proc/[0-9]*/cmdline | wc -l", user: "root"), CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(255)]
    public async Task The_exit_code_is_the_command_s(int code)
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, $"echo some; exit {code}");
        Assert.Equal((code, code == 0, "some\n", "", false), (result.ExitCode ?? -1, result.Succeeded, result.Output, result.Error, result.TimedOut));
    }

    [Fact]
    public async Task A_signal_is_128_and_its_number()
    {
        var (house, sandbox) = await shared.GetAsync();
        Assert.Equal(137, (await house.RunAsync(sandbox, "kill -KILL $$")).ExitCode);
    }

    [Fact]
    public async Task The_exit_code_is_there_every_time()
    {
        // The engine closes the streams a moment before it knows the code.
        var (house, sandbox) = await shared.GetAsync();
        for (var i = 0; i < 25; i++)
            Assert.Equal(7, (await house.RunAsync(sandbox, "exit 7")).ExitCode);
    }

    [Fact]
    public async Task Output_and_errors_stay_apart_and_a_line_is_shell()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, "for i in 1 2 3; do echo o$i; echo e$i >&2; done; echo \"$((6*7)) $0\"");
        Assert.Equal(("o1\no2\no3\n42 /bin/sh\n", "e1\ne2\ne3\n"), (result.Output, result.Error));
        Assert.True(result.Duration > TimeSpan.Zero);
        Assert.Same(sandbox, result.Sandbox);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        var (house, sandbox) = await shared.GetAsync();
        string[] arguments = ["", " ", "a b", "$HOME", "*", "'", "\"", "new\nline", "ünï 😀", "-e", ";", "\\"];
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = "printf", Arguments = ["%s\\0", .. arguments] });
        Assert.Equal(arguments, result.Output.TrimEnd('\0').Split('\0'));
    }

    [Fact]
    public async Task Folder_variables_and_user_are_those_of_the_call()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = "echo \"$A|$PWD|$(id -u):$(id -g)\"", WorkingDirectory = "/var", User = "33:44", Environment = Variables(("A", "va=lue x")) });
        Assert.Equal("va=lue x|/var|33:44\n", result.Output);
        Assert.Equal("10000 root /", await house.ShellAsync(sandbox, "echo $(id -u) $(stat -c %U /) $PWD"));
    }

    [Fact]
    public async Task Input_of_5_MB_comes_back_whole()
    {
        var (house, sandbox) = await shared.GetAsync();
        var input = RandomNumberGenerator.GetBytes(5_000_000);
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = "cat" }, new MemoryStream(input));
        Assert.True(input.AsSpan().SequenceEqual(result.OutputBytes.Span), $"{result.OutputBytes.Length} bytes came back, or others");
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Without_input_a_command_that_reads_sees_its_end()
    {
        var (house, sandbox) = await shared.GetAsync();
        Assert.Equal("0\n", (await house.RunAsync(sandbox, "wc -c")).Output);
        Assert.Equal("0\n", (await house.RunAsync(sandbox, new CommandRequest { Command = "wc -c" }, Stream.Null)).Output);
    }

    [Fact]
    public async Task A_command_that_leaves_its_input_unread_ends_all_the_same()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = "echo out; exit 3" }, new MemoryStream(new byte[20_000_000]));
        Assert.Equal(("out\n", 3), (result.Output, result.ExitCode ?? -1));

        // A terminal or a pipe that nobody writes to.
        result = await house.RunAsync(sandbox, new CommandRequest { Command = "head -c 3; exit 4" }, new EndlessInput("abc"u8.ToArray()));
        Assert.Equal(("abc", 4), (result.Output, result.ExitCode ?? -1));
    }

    [Fact]
    public async Task Input_that_cannot_be_read_ends_the_command_with_the_reason()
    {
        var (house, sandbox) = await shared.GetAsync();
        var running = house.RunAsync(sandbox, new CommandRequest { Command = "cat; : no-more-input" }, new BrokenInput());
        var exception = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => running.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("the disk burns", exception.Message);
        Assert.Equal(0, await CountAsync(house, sandbox, "no-more-input"));
    }

    [Fact]
    public async Task Ten_thousand_lines_come_in_order_and_none_is_lost()
    {
        var (house, sandbox) = await shared.GetAsync();
        var lines = new List<string>();
        var output = new CommandOutputLines((_, line) => lines.Add(line));
        var exit = await house.Manager.RunAsync(sandbox, new CommandRequest { Command = "seq 1 10000" }, input: null, output, OperationObserver.None, Limits.Token);
        Assert.Equal(0, exit.ExitCode);
        Assert.Equal(Enumerable.Range(1, 10000).Select(number => number.ToString(CultureInfo.InvariantCulture)), lines);
    }

    [Fact]
    public async Task Lines_come_while_the_command_still_runs()
    {
        var (house, sandbox) = await shared.GetAsync();
        using var first = new SemaphoreSlim(0);
        var output = new CommandOutputLines((_, line) => first.Release());
        var running = house.Manager.RunAsync(sandbox, new CommandRequest { Command = "echo one; read answer; echo $answer" }, new GatedInput(first, "two\n"u8.ToArray()), output, OperationObserver.None, Limits.Token);
        Assert.Equal(0, (await running).ExitCode);
        Assert.Equal(1, first.CurrentCount); // the second line, the first let the input go on
    }

    [Fact]
    public async Task Output_of_30_MB_is_exact()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, "seq 1 100000000 | head -c 30000000");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = 30_000_000;
        for (var number = 1; left > 0; number++)
        {
            var line = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture) + "\n");
            hash.AppendData(line, 0, Math.Min(left, line.Length));
            left -= line.Length;
        }

        Assert.Equal(30_000_000, result.OutputBytes.Length);
        Assert.Equal(Convert.ToHexString(hash.GetHashAndReset()), Convert.ToHexString(SHA256.HashData(result.OutputBytes.Span)));
        Assert.False(result.Truncated);
    }

    [Fact]
    public async Task More_output_than_is_kept_is_cut_and_said_so()
    {
        var (house, sandbox) = await shared.GetAsync();
        var observer = new RecordingObserver();
        var result = await house.Manager.RunAsync(sandbox, new CommandRequest { Command = $"head -c {CommandOutputBuffer.DefaultLimit + 1} /dev/zero; echo end >&2" }, input: null, observer, Limits.Token);
        Assert.Equal((true, CommandOutputBuffer.DefaultLimit, "end\n"), (result.Truncated, result.OutputBytes.Length, result.Error));
        Assert.Contains("32 MiB", Assert.Single(observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_output_is_kept_byte_for_byte()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, "for i in 0 1 2 3; do for j in 0 1 2 3 4 5 6 7; do for k in 0 1 2 3 4 5 6 7; do printf \"\\\\$i$j$k\"; done; done; done");
        Assert.Equal(Enumerable.Range(0, 256).Select(one => (byte)one), result.OutputBytes.ToArray());
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        var (house, sandbox) = await shared.GetAsync();
        var failure = await Failure.ExpectAsync(SandboxError.CommandNotFound, () => house.RunAsync(sandbox, new CommandRequest { Command = "nosuch", Arguments = [] }));
        Assert.Contains("'nosuch' does not exist", failure.Message, StringComparison.Ordinal);
        failure = await Failure.ExpectAsync(SandboxError.CommandNotFound, () => house.RunAsync(sandbox, new CommandRequest { Command = "/etc/passwd", Arguments = [] }));
        Assert.Contains("may not be executed", failure.Message, StringComparison.Ordinal);

        // In a line it is the shell that does not find it, and that is a result.
        var result = await house.RunAsync(sandbox, "nosuch");
        Assert.Equal(127, result.ExitCode);
        Assert.Contains("nosuch", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_named()
    {
        var (house, sandbox) = await shared.GetAsync();
        var failure = await Failure.ExpectAsync(SandboxError.PathNotFound, () => house.RunAsync(sandbox, new CommandRequest { Command = "ls", WorkingDirectory = "/no/such" }));
        Assert.Contains("'/no/such'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_that_the_sandbox_does_not_have_is_named()
    {
        var (house, sandbox) = await shared.GetAsync();
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.RunAsync(sandbox, "id", user: "nosuch"));
        Assert.Contains("nosuch", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<SandboxException>(() => house.Manager.StartAsync(sandbox, new CommandRequest { Command = "id", User = "nosuch" }, OperationObserver.None, Limits.Token));
        Assert.Contains("nosuch", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_detached_command_goes_on_and_a_wrong_one_is_told()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.Manager.StartAsync(sandbox, new CommandRequest { Command = "sleep 0.3; echo here > /tmp/detached", User = "root" }, OperationObserver.None, Limits.Token);
        Assert.Null(result.ExitCode);
        Assert.Equal("here", await house.ShellAsync(sandbox, "for i in $(seq 100); do test -s /tmp/detached && break; sleep 0.1; done; cat /tmp/detached"));
        await Failure.ExpectAsync(SandboxError.CommandNotFound, () => house.Manager.StartAsync(sandbox, new CommandRequest { Command = "nosuch", Arguments = [] }, OperationObserver.None, Limits.Token));
        await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.Manager.StartAsync(sandbox, new CommandRequest { Command = "true", Timeout = TimeSpan.FromSeconds(1) }, OperationObserver.None, Limits.Token));
    }

    [Theory]
    [InlineData("sleep 1000 & echo done", "done\n")]
    [InlineData("setsid sleep 1000 & echo done", "done\n")]
    [InlineData("(while :; do echo tick; sleep 0.05; done) & echo done", "done\n")] // a server that logs
    [InlineData("yes & seq 1 3", "1\n2\n3\n")] // a server that logs a lot
    public async Task What_is_left_in_the_background_with_the_output_open_does_not_keep_the_caller(string line, string output)
    {
        var (house, sandbox) = await shared.GetAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var result = await house.Manager.RunAsync(sandbox, new CommandRequest { Command = line }, input: null, OperationObserver.None, limit.Token);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(output, result.Output.Replace("tick\n", "", StringComparison.Ordinal).Replace("y\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await house.RunAsync(sandbox, "for p in /proc/[0-9]*; do p=${p#/proc/}; [ $p = 1 ] || [ $p = $$ ] || [ \"$(cat /proc/$p/comm 2>/dev/null)\" = sleep -a \"$(tr '\\0' ' ' < /proc/$p/cmdline)\" = 'sleep 600 ' ] || kill -9 $p 2>/dev/null; done");
    }

    [Fact]
    public async Task All_that_a_command_wrote_before_its_end_arrives_even_where_something_else_holds_its_output()
    {
        var (house, sandbox) = await shared.GetAsync();
        var result = await house.RunAsync(sandbox, "sleep 5 & head -c 3000000 /dev/zero");
        Assert.Equal(3_000_000, result.OutputBytes.Length);
    }

    [Fact]
    public async Task At_its_time_out_a_command_and_all_that_it_started_are_dead_and_the_output_is_kept()
    {
        var (house, sandbox) = await shared.GetAsync();
        var mark = "sleep 31" + Random.Shared.Next(1000, 9999).ToString(CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();
        var result = await house.RunAsync(sandbox, new CommandRequest
        {
            Command = $"{mark} & setsid {mark} & (setsid sh -c '{mark} & {mark}' &) ; nohup {mark} >/dev/null 2>&1 & echo before; echo err >&2; {mark}; echo after",
            Timeout = TimeSpan.FromSeconds(1),
        });
        Assert.Equal((null, true, false, "before\n", "err\n"), (result.ExitCode, result.TimedOut, result.Succeeded, result.Output, result.Error));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 30);
        Assert.Equal(0, await CountAsync(house, sandbox, mark));
        Assert.Equal(SandboxState.Running, (await house.AgainAsync(sandbox)).State);
    }

    [Fact]
    public async Task A_port_that_a_timed_out_command_held_is_free_again()
    {
        var (house, sandbox) = await shared.GetAsync();
        const string Listen = "perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 7123, Listen => 1) or die qq{taken\\n}; print qq{listening\\n}; STDOUT->flush; sleep $ARGV[0]'";
        var result = await house.RunAsync(sandbox, new CommandRequest { Command = $"setsid {Listen} 1000 & sleep 1000", Timeout = TimeSpan.FromSeconds(1.5) });
        Assert.Equal(("listening\n", true), (result.Output, result.TimedOut));
        Assert.Equal("listening\n", (await house.RunAsync(sandbox, $"{Listen} 0")).Output);
    }

    [Fact]
    public async Task A_time_out_that_is_not_reached_changes_nothing()
    {
        var (house, sandbox) = await shared.GetAsync();
        foreach (var timeout in new[] { TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650), Timeout.InfiniteTimeSpan })
            Assert.Equal((5, false), await house.RunAsync(sandbox, new CommandRequest { Command = "exit 5", Timeout = timeout }) is var result ? (result.ExitCode ?? -1, result.TimedOut) : default);
    }

    [Fact]
    public async Task Cancelling_kills_whenever_it_comes()
    {
        var (house, sandbox) = await shared.GetAsync();
        var mark = "sleep 32" + Random.Shared.Next(1000, 9999).ToString(CultureInfo.InvariantCulture);
        foreach (var milliseconds in new[] { 0, 2, 5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 400 })
        {
            using var cancellation = new CancellationTokenSource();
            var running = house.Manager.RunAsync(sandbox, new CommandRequest { Command = $"setsid {mark} & {mark}" }, input: null, OperationObserver.None, cancellation.Token);
            await Task.Delay(milliseconds, Limits.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal(0, await CountAsync(house, sandbox, mark));

        // And nothing starts later that was asked for before.
        await Task.Delay(500, Limits.Token);
        Assert.Equal(0, await CountAsync(house, sandbox, mark));
    }

    [Fact]
    public async Task A_taker_of_output_that_fails_ends_the_command()
    {
        var (house, sandbox) = await shared.GetAsync();
        var mark = "sleep 33" + Random.Shared.Next(1000, 9999).ToString(CultureInfo.InvariantCulture);
        var output = new CommandOutputLines((_, _) => throw new InvalidTimeZoneException("no more room"));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() =>
            house.Manager.RunAsync(sandbox, new CommandRequest { Command = $"echo x; {mark}" }, input: null, output, OperationObserver.None, Limits.Token));
        Assert.Equal(0, await CountAsync(house, sandbox, mark));
    }

    [Fact]
    public async Task Many_commands_at_once_keep_their_output_to_themselves()
    {
        var (house, sandbox) = await shared.GetAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => house.RunAsync(sandbox, $"for x in 1 2 3 4 5; do echo {i}; done; exit {i}")));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (i, string.Concat(Enumerable.Repeat($"{i}\n", 5)))), results.Select(result => (result.ExitCode ?? -1, result.Output)));
    }

    private sealed class EndlessInput(byte[] first) : MemoryStream(first)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return read;
        }
    }

    private sealed class BrokenInput : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(100, cancellationToken);
            throw new InvalidTimeZoneException("the disk burns");
        }
    }

    private sealed class GatedInput(SemaphoreSlim gate, byte[] data) : MemoryStream(data)
    {
        private bool _open;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_open)
                await gate.WaitAsync(cancellationToken);
            _open = true;
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
