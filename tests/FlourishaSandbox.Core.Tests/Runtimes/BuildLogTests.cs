using FlourishaSandbox.Runtimes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

public sealed class BuildLogTests
{
    private const string Text = "Step 1/3 : FROM debian\n ---> abc\r\nStep 2/3 : RUN make\n ---> Running in 12\ncc a.c\nerror: a.c:1\n";

    [Fact]
    public void The_step_and_the_end_of_its_output_are_known_wherever_the_text_is_cut()
    {
        for (var cut = 0; cut <= Text.Length; cut++)
        {
            var log = new BuildLog(tailLines: 2);
            var lines = log.Push(Text[..cut]).Concat(log.Push(Text[cut..])).ToList();
            Assert.Equal(6, lines.Count);
            Assert.Equal(("Step 2/3 : RUN make", 2, 3), (log.Current, log.Step ?? 0, log.Steps ?? 0));
            Assert.Equal(string.Join(Environment.NewLine, "cc a.c", "error: a.c:1"), log.Tail);
        }
    }

    [Fact]
    public void Before_the_first_step_nothing_is_claimed()
    {
        var log = new BuildLog(5);
        Assert.Equal((null, null, null, ""), (log.Current, log.Step, log.Steps, log.Tail));
    }

    [Fact]
    public void Colours_and_other_controls_are_for_no_message()
    {
        var log = new BuildLog(5);
        Assert.Equal(["red", "a\tb", "plain]0;title"], log.Push("\u001b[91mred\n\u001b[0ma\tb\a\n\u001b[2K\nplain\u001b]0;title\n"));
        Assert.DoesNotContain('\u001b', log.Tail);
    }

    [Fact]
    public void Digits_of_another_script_make_no_step()
    {
        var log = new BuildLog(5);
        Assert.Equal(["Step ٣/٣ : RUN make"], log.Push("Step ٣/٣ : RUN make\n"));
        Assert.Null(log.Step);
    }

    [Fact]
    public void A_line_without_end_takes_no_more_than_its_share()
    {
        var log = new BuildLog(3);
        var lines = log.Push(new string('x', 100_000));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 2000));
        Assert.Equal(100_000, lines.Sum(line => line.Length));
        Assert.InRange(log.Tail.Length, 1, 3 * 2002);
    }

    [Fact]
    public void Progress_that_returns_to_the_beginning_of_its_line_is_lines_too() =>
        Assert.Equal(["10%", "20%", "done"], new BuildLog(5).Push("10%\r20%\r\ndone\n"));
}
