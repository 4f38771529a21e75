using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Runtimes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

public sealed class StartFailureGuardTests
{
    private const string NotStarted = StartFailureGuard.NotStarted + "exec failed: container_linux.go:380: \"nosuch\": executable file not found in $PATH: unknown\r\n";
    private const string UnknownUser = StartFailureGuard.UnknownUser + "nosuch: no matching entries in passwd file\r\n";

    private static async Task<(string? Text, string Output, string Error)> FeedAsync(bool complete, params (OutputSource Source, string Text)[] pieces)
    {
        using var buffer = new CommandOutputBuffer();
        var guard = new StartFailureGuard(buffer);
        foreach (var (source, text) in pieces)
            await guard.WriteAsync(source, Encoding.ASCII.GetBytes(text), CancellationToken.None);
        var held = guard.Text;
        if (complete)
            await guard.CompleteAsync(CancellationToken.None);
        return (held, Encoding.ASCII.GetString(buffer.Output.Span), Encoding.ASCII.GetString(buffer.Error.Span));
    }

    [Theory]
    [InlineData(NotStarted)]
    [InlineData(UnknownUser)]
    public async Task The_engine_s_word_is_held_back_wherever_it_is_cut(string word)
    {
        for (var cut = 0; cut <= word.Length; cut++)
            Assert.Equal((word.Trim(), "", ""), await FeedAsync(complete: false, (OutputSource.Output, word[..cut]), (OutputSource.Output, word[cut..])));
    }

    [Theory]
    [InlineData(NotStarted)]
    [InlineData(UnknownUser)]
    public async Task A_program_that_says_the_same_and_succeeds_loses_nothing_wherever_it_is_cut(string word)
    {
        for (var cut = 0; cut <= word.Length; cut++)
        {
            var (_, output, _) = await FeedAsync(complete: true, (OutputSource.Output, word[..cut]), (OutputSource.Output, word[cut..]));
            Assert.Equal(word, output);
        }
    }

    [Theory]
    [InlineData(NotStarted)]
    [InlineData(UnknownUser)]
    public async Task Any_other_output_goes_on_at_once_wherever_it_begins_to_differ(string word)
    {
        for (var cut = 0; cut < (word == NotStarted ? StartFailureGuard.NotStarted : StartFailureGuard.UnknownUser).Length; cut++)
        {
            var text = word[..cut] + "\u007f";
            Assert.Equal((null, text, ""), await FeedAsync(complete: false, (OutputSource.Output, word[..cut]), (OutputSource.Output, "\u007f")));
        }
    }

    [Theory]
    [InlineData(NotStarted)]
    [InlineData(UnknownUser)]
    public async Task A_program_that_says_the_same_and_goes_on_is_not_held_for_ever(string word)
    {
        var (held, output, _) = await FeedAsync(complete: false, (OutputSource.Output, word), (OutputSource.Output, new string('x', 5000)));
        Assert.Null(held);
        Assert.Equal(word + new string('x', 5000), output);
    }

    [Theory]
    [InlineData(NotStarted)]
    [InlineData(UnknownUser)]
    public async Task What_goes_to_standard_error_is_never_the_engine_s(string word) =>
        Assert.Equal((null, "", word), await FeedAsync(complete: false, (OutputSource.Error, word)));

    [Fact]
    public async Task Silence_is_no_word() => Assert.Equal((null, "", ""), await FeedAsync(complete: true));
}
