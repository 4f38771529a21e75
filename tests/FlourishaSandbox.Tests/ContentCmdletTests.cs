using System.Management.Automation;
using System.Text;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Get-SandboxContent and Set-SandboxContent.</summary>
public sealed class ContentCmdletTests : CmdletTest
{
    private const string LinesSet = "Lines";

    public ContentCmdletTests()
    {
        Runtime.Add("t1");
        Runtime.Add("t2");
    }

    [Fact]
    public void Lines_come_without_their_ends_and_without_a_byte_order_mark()
    {
        Runtime.Items.AddFile("/workspace/a", "\uFEFFone\r\ntwo\n\n\uFEFFfour");

        Assert.Equal(["one", "two", "", "\uFEFFfour"], Get(new GetSandboxContentCommand { Path = ["t1:a"] }));
        Assert.Equal(["one", "two"], Get(new GetSandboxContentCommand { Path = ["a"], Sandbox = Named("t1"), TotalCount = 2 }));
    }

    [Fact]
    public void Files_come_one_after_the_other()
    {
        Runtime.Items.AddFile("/a", string.Concat(Enumerable.Repeat("a\n", 30_000)));
        Runtime.Items.AddFile("/b", "b\n");

        var lines = Get(new GetSandboxContentCommand { Path = ["/a", "/b"], Sandbox = Named("t1", "t2") });

        Assert.Equal([.. Enumerable.Repeat("a", 60_000), "b", "b"], lines);
    }

    [Fact]
    public void Raw_is_one_text_and_bytes_are_one_array()
    {
        Runtime.Items.AddFile("/a", "\uFEFFone\r\ntwo");
        Runtime.Items.AddFile("/b", [0, 255]);

        Assert.Equal(["one\r\ntwo"], Invocation.Run(new GetSandboxContentCommand { Path = ["t1:/a"], Raw = true }, "Raw").Output);
        Assert.Equal([new byte[] { 0, 255 }], Invocation.Run(new GetSandboxContentCommand { Path = ["t1:/b"], AsByteStream = true }, "Bytes").Output);
    }

    [Fact]
    public void A_file_that_is_missing_costs_none_of_the_others()
    {
        Runtime.Items.AddFile("/b", "b");

        var run = Invocation.Run(new GetSandboxContentCommand { Path = ["t1:/a", "/none", "t1:/b"] }, LinesSet);

        Assert.Equal(["error PathNotFound /a", "error InvalidOption /none", "object b"], run.Order);
    }

    [Fact]
    public void Text_is_written_line_by_line_and_bytes_as_they_are()
    {
        Assert.Equal("a\nb\nc\n", Set(null, "a", "b\n", new PSObject("c")));
        Assert.Equal("ab", Set(cmdlet => cmdlet.NoNewline = true, "a", "b"));
        Assert.Equal("\n", Set(null, ""));
        Assert.Equal("", Set(null, (object?)null));
        Assert.Equal("A", Set(null, new byte[] { 65 }));
        Assert.Equal("AB", Set(cmdlet => cmdlet.AsByteStream = true, 65, new PSObject(66L)));
        Assert.Equal("65\n66\n", Set(null, 65, 66));
        Assert.Equal("hello", Set(cmdlet => cmdlet.Base64 = true, "aGVs", "bG8="));
        Assert.Equal("file", Set(null, new FileInfo(MakeFile("f", "file"))));
    }

    [Theory]
    [InlineData(nameof(SetSandboxContentCommand.Base64), "no base64!")]
    [InlineData(nameof(SetSandboxContentCommand.AsByteStream), 256)]
    public void What_cannot_be_read_writes_nothing(string parameter, object value)
    {
        var cmdlet = new SetSandboxContentCommand { Path = ["t1:/a"], Value = value };
        typeof(SetSandboxContentCommand).GetProperty(parameter)!.SetValue(cmdlet, (SwitchParameter)true);

        var run = Invocation.Run(cmdlet);

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Null(Runtime.Items.Content("/a"));
    }

    [Fact]
    public void Every_sandbox_gets_the_whole_file_and_is_asked_about()
    {
        var run = new Invocation(new SetSandboxContentCommand { Path = ["a"], Sandbox = Named("t1", "t2"), Value = "x", PassThru = true }) { Answer = (target, _) => target != "t2:a" };
        run.Run();

        Assert.Equal(["t1:a", "t2:a"], run.Questions.Select(question => question.Target));
        Assert.Equal(["write t1:/workspace/a"], Runtime.Effects);
        Assert.Equal(2, run.OutputOf<SandboxItem>().Single().Size);
    }

    private static List<object?> Get(GetSandboxContentCommand cmdlet) => Invocation.Run(cmdlet, LinesSet).Output;

    private string? Set(Action<SetSandboxContentCommand>? with, params object?[] values)
    {
        var cmdlet = new SetSandboxContentCommand { Path = ["t1:/set"] };
        with?.Invoke(cmdlet);
        var run = new Invocation(cmdlet) { Records = [.. values.Select(each => (Action)(() => cmdlet.Value = each))] };
        run.Run();
        Assert.Empty(run.Errors);
        return Runtime.Items.Content("/set") is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }
}
