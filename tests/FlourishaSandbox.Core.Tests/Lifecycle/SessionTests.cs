using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Core.Tests.Lifecycle;

/// <summary>Which process made something, and whether it was killed.</summary>
public sealed class SessionTests
{
    /// <summary>A process of this machine that has ended: no process has this number.</summary>
    public static SandboxMaker Dead { get; } = new(new string('d', 32), (ProcessIdentity.Current with { ProcessId = int.MaxValue }).ToString());

    [Fact]
    public void A_process_is_told_from_all_others()
    {
        var self = ProcessIdentity.Current;
        Assert.Equal(self, ProcessIdentity.Parse(self.ToString()));
        Assert.False(self.HasEnded());
        Assert.True((self with { StartTime = self.StartTime - 1 }).HasEnded());
        Assert.True(ProcessIdentity.Parse(Dead.Process)!.HasEnded());

        // A machine that was started again has none of its old processes; of other machines and other containers nothing can be said.
        Assert.True((self with { Boot = "0123456789ab" }).HasEnded());
        Assert.Null((self with { Space = "0123456789ab" }).HasEnded());
        Assert.Null((self with { Machine = "0123456789ab" }).HasEnded());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c.d.e")]
    [InlineData("a.b.c.1")]
    [InlineData("a.b.c.-1.2")]
    public void What_is_no_process_is_none(string text) => Assert.Null(ProcessIdentity.Parse(text));

    [Fact]
    public void Nothing_in_a_label_names_the_machine()
    {
        Assert.DoesNotContain(Environment.MachineName, SessionRecords.Maker.Process, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"\A[0-9a-f]{12}\.[0-9a-f]{12}\.[0-9a-f]{12}\.\d+\.\d+\z", SessionRecords.Maker.Process);
    }

    [Fact]
    public void A_record_is_there_from_the_first_note_to_the_end_and_belongs_to_its_engine()
    {
        using var folder = new TemporaryFolder();
        var records = new SessionRecords("unix:///one.sock", folder["sessions"]);
        Assert.Empty(records.List());
        records.Note();
        records.Note();
        var record = Assert.Single(records.List());
        Assert.Equal((SessionRecords.Maker.Session, ProcessIdentity.Current), (record.Session, record.Process));

        using var other = new SessionRecords("unix:///two.sock", folder["sessions"]);
        Assert.Empty(other.List());
        records.Dispose();
        Assert.Empty(Directory.GetFiles(folder["sessions"]));
    }

    [Fact]
    public void A_user_without_a_folder_makes_sandboxes_all_the_same()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "");
        using var records = new SessionRecords("unix:///one.sock", folder["file/sessions"]);
        records.Note();
        Assert.Empty(records.List());
    }
}
