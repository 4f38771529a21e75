using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

[Trait("Category", Engine.Category)]
public sealed class EngineExecTests
{
    [Fact]
    public async Task Output_and_errors_are_kept_apart_and_the_exit_code_is_the_command_s()
    {
        await using var container = await TestContainer.StartAsync();
        var result = await TestCommand.RunAsync(container.Client, container.Id, new ExecCreateRequest
        {
            Cmd = ["sh", "-c", "echo out; echo err >&2; echo \"$A|$PWD|$(id -u)|$1\"; exit 42", "sh", "an 'argument' \"with\"\nall $sorts"],
            Env = ["A=va lue"],
            WorkingDir = "/var",
            User = "65534",
        });
        Assert.Equal("out\nva lue|/var|65534|an 'argument' \"with\"\nall $sorts\n", result.OutputText);
        Assert.Equal("err\n", result.ErrorText);
        Assert.Equal(42, result.ExitCode);
    }

    [Fact]
    public async Task Input_of_5_MB_comes_back_whole_after_the_write_side_is_closed()
    {
        await using var container = await TestContainer.StartAsync();
        var input = RandomNumberGenerator.GetBytes(5_000_000);
        var result = await TestCommand.RunAsync(container.Client, container.Id, new ExecCreateRequest { Cmd = ["cat"] }, input);
        Assert.True(input.AsSpan().SequenceEqual(result.Output), $"{result.Output.Length} bytes came back, or others");
        Assert.Equal((0, ""), (result.ExitCode ?? -1, result.ErrorText));
    }

    [Fact]
    public async Task What_a_command_says_after_the_end_of_its_input_is_read()
    {
        await using var container = await TestContainer.StartAsync();
        var result = await TestCommand.RunAsync(container.Client, container.Id, new ExecCreateRequest { Cmd = ["sh", "-c", "wc -c; echo done >&2; exit 3"] }, new byte[100_000]);
        Assert.Equal(("100000", "done\n", 3), (result.OutputText.Trim(), result.ErrorText, result.ExitCode ?? -1));
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_loses_no_output()
    {
        await using var container = await TestContainer.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var result = await TestCommand.RunAsync(container.Client, container.Id, new ExecCreateRequest { Cmd = ["sh", "-c", "head -c 300000 /dev/zero; exit 5"] }, new byte[3_000_000]);
            Assert.Equal((300_000, 5), (result.Output.Length, result.ExitCode ?? -1));
        }
    }

    [Fact]
    public async Task Output_of_50_MB_is_exact()
    {
        await using var container = await TestContainer.StartAsync();
        var result = await container.RunAsync("sh", "-c", "seq 1 100000000 | head -c 50000000");
        var expected = new byte[50_000_000];
        using (var lines = new MemoryStream(expected))
        {
            for (var i = 1; lines.Position < expected.Length; i++)
            {
                var line = Encoding.ASCII.GetBytes(i + "\n");
                lines.Write(line, 0, (int)Math.Min(line.Length, expected.Length - lines.Position));
            }
        }
        Assert.True(expected.AsSpan().SequenceEqual(result.Output), $"{result.Output.Length} bytes came, or others");
    }

    [Fact]
    public async Task All_of_10000_lines_come_on_both_streams()
    {
        await using var container = await TestContainer.StartAsync();
        var result = await container.RunAsync("sh", "-c", "i=0; while [ $i -lt 10000 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done");
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => "o" + i), result.OutputText.TrimEnd('\n').Split('\n'));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => "e" + i), result.ErrorText.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_terminal_has_the_size_that_it_is_told_and_one_stream()
    {
        await using var container = await TestContainer.StartAsync();
        var id = await container.Client.Execs.CreateAsync(container.Id, new ExecCreateRequest
        {
            Cmd = ["sh", "-c", "read go; stty size; echo err >&2"],
            Tty = true,
            AttachStdin = true,
        }, Limits.Token);
        await using var stream = await container.Client.Execs.StartAsync(id, tty: true, Limits.Token);
        await container.Client.Execs.ResizeAsync(id, rows: 33, columns: 101, Limits.Token);
        await stream.WriteAsync("go\n"u8.ToArray(), Limits.Token);
        var text = "";
        var buffer = new byte[1000];
        while (await stream.ReadAsync(buffer, Limits.Token) is { Count: > 0 } chunk)
        {
            Assert.Equal(StreamKind.Output, chunk.Kind);
            text += Encoding.UTF8.GetString(buffer, 0, chunk.Count);
        }
        Assert.Equal("go\r\n33 101\r\nerr\r\n", text);
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_stream_usable()
    {
        await using var container = await TestContainer.StartAsync();
        var id = await container.Client.Execs.CreateAsync(container.Id, new ExecCreateRequest { Cmd = ["sh", "-c", "echo before; read go; echo after"], AttachStdin = true }, Limits.Token);
        await using var stream = await container.Client.Execs.StartAsync(id, tty: false, Limits.Token);
        var buffer = new byte[100];
        Assert.Equal("before\n", Text(await stream.ReadAsync(buffer, Limits.Token)));
        using var cancelling = new CancellationTokenSource();
        var reading = stream.ReadAsync(buffer, cancelling.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.True((await container.Client.Execs.InspectAsync(id, Limits.Token)).Running);
        await stream.WriteAsync("go\n"u8.ToArray(), Limits.Token);
        Assert.Equal("after\n", Text(await stream.ReadAsync(buffer, Limits.Token)));
        Assert.Equal(0, (await stream.ReadAsync(buffer, Limits.Token)).Count);

        string Text(StreamChunk chunk) => Encoding.UTF8.GetString(buffer, 0, chunk.Count);
    }

    [Fact]
    public async Task Requests_that_are_cancelled_beforehand_do_nothing()
    {
        await using var container = await TestContainer.StartAsync();
        var id = await container.Client.Execs.CreateAsync(container.Id, new ExecCreateRequest { Cmd = ["touch", "/tmp/ran"] }, Limits.Token);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.Client.Execs.StartAsync(id, tty: false, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.Client.Execs.StartDetachedAsync(id, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.Client.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancelled));
        Assert.NotEqual(0, (await container.RunAsync("test", "-e", "/tmp/ran")).ExitCode);
    }

    [Fact]
    public async Task A_detached_command_runs_by_itself()
    {
        await using var container = await TestContainer.StartAsync();
        var id = await container.Client.Execs.CreateAsync(container.Id, new ExecCreateRequest { Cmd = ["sh", "-c", "touch /tmp/ran; exit 9"], AttachStdout = false, AttachStderr = false }, Limits.Token);
        var before = await container.Client.Execs.InspectAsync(id, Limits.Token);
        Assert.Equal((false, null, container.Id), (before.Running, before.ExitCode, before.ContainerID));
        await container.Client.Execs.StartDetachedAsync(id, Limits.Token);
        Assert.Equal(9, await TestCommand.ExitCodeAsync(container.Client, id));
        Assert.Equal(0, (await container.RunAsync("test", "-e", "/tmp/ran")).ExitCode);
    }

    [Fact]
    public async Task A_container_that_does_not_run_is_a_conflict_and_one_that_is_not_there_is_not_found()
    {
        await using var container = await TestContainer.CreateAsync();
        var request = new ExecCreateRequest { Cmd = ["true"] };
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => container.Client.Execs.CreateAsync(container.Id, request, Limits.Token))).IsConflict);
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => container.Client.Execs.CreateAsync("flourisha-test-nothing", request, Limits.Token))).IsNotFound);
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => container.Client.Execs.StartAsync("flourisha-test-nothing", tty: false, Limits.Token))).IsNotFound);
    }

    [Fact]
    public async Task Many_commands_at_once_do_not_mix()
    {
        await using var container = await TestContainer.StartAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => container.RunAsync("sh", "-c", $"echo {i}; sleep 0.1; echo {i}; exit {i}")));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => ($"{i}\n{i}\n", (int?)i)), results.Select(result => (result.OutputText, result.ExitCode)));
    }
}
