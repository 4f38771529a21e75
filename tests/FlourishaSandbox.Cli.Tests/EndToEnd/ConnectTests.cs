using System.Diagnostics;
using System.Text;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>A shell in a sandbox on a real terminal, which <c>script</c> of util-linux makes.</summary>
public sealed class ConnectTests : AgentTests
{
    private const string Script = "/usr/bin/script";

    [Fact]
    public async Task Keys_go_inside_the_size_too_and_the_terminal_is_as_before_afterwards()
    {
        Assert.SkipUnless(File.Exists(Script), $"There is no {Script}, which makes the terminal.");
        var line = $"stty cols 91 rows 33; stty -g; {CliProgram.ForShell} connect {Id} --shell 'echo re''ady; exec sh'; echo rc=$?; stty -g";
        using var process = CliProgram.StartProgram(Script, ["-qec", line, "/dev/null"], Variables.AsReadOnly());
        var screen = new Screen(process);

        await screen.WaitForAsync("ready");
        await screen.TypeAsync("stty size; echo $TERM\r");
        await screen.WaitForAsync("33 91");
        await screen.TypeAsync("sleep 9696\r");
        await WaitUntilAsync(async () => await CountInsideAsync("sleep 9696") > 0, "the command runs");
        await screen.TypeAsync("\u0003");
        await screen.TypeAsync("echo after=$?\r");
        await screen.WaitForAsync("after=130");
        await screen.TypeAsync("exit 5\r");
        await screen.WaitForAsync("rc=5");
        await process.WaitForExitAsync(new CancellationTokenSource(CliProgram.Patience).Token);

        var lines = screen.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines[0], lines[^1]);
        Assert.Equal(0, await CountInsideAsync("sleep 9696"));
    }

    /// <summary>What the terminal shows.</summary>
    private sealed class Screen
    {
        private readonly Process _process;
        private readonly StringBuilder _text = new();

        public Screen(Process process)
        {
            _process = process;
            _ = ReadAsync();
        }

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public async Task TypeAsync(string keys)
        {
            await _process.StandardInput.WriteAsync(keys);
            await _process.StandardInput.FlushAsync();
        }

        public Task WaitForAsync(string text) => WaitUntilAsync(() => Task.FromResult(Text.Contains(text, StringComparison.Ordinal)), $"'{text}' was shown");

        private async Task ReadAsync()
        {
            var buffer = new char[1024];
            while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
            {
                lock (_text)
                    _text.Append(buffer, 0, count);
            }
        }
    }
}
