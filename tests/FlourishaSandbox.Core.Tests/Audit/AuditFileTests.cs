using System.Globalization;
using System.Text;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Core.Tests.Docker;

namespace FlourishaSandbox.Core.Tests.Audit;

/// <summary>The file: several writers, rotation, what a crash leaves. Locks belong to an opening of a file, so two objects are to each other what two processes are.</summary>
public sealed class AuditFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => System.IO.Path.Combine(_folder.Path, "deep", "audit.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Makes_its_folder_and_is_nobody_elses_business()
    {
        new AuditFile(new AuditSettings { Path = Log }).Append("one\n"u8);

        Assert.Equal("one\n", File.ReadAllText(Log));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
    }

    [Fact]
    public async Task Writers_side_by_side_lose_and_tear_no_line_while_files_are_rotated()
    {
        const int Writers = 8, Lines = 500;
        var settings = new AuditSettings { Path = Log, MaximumSize = AuditSettings.MinimumSize, MaximumFiles = 1000 };
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            var file = new AuditFile(settings);
            for (var line = 0; line < Lines; line++)
                file.Append(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{writer}:{line}:{new string('x', 200 + (line % 300))}:end\n")));
        })));

        var all = await ReadAsync(settings);
        Assert.Equal(Writers * Lines, all.Count);
        Assert.All(all, line => Assert.EndsWith(":end", line, StringComparison.Ordinal));
        for (var writer = 0; writer < Writers; writer++)
        {
            var numbers = all.Where(line => line.StartsWith($"{writer}:", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, Lines), numbers); // in the order in which each wrote
        }

        Assert.True(Directory.GetFiles(System.IO.Path.GetDirectoryName(Log)!, "audit*.jsonl").Length > 10);
    }

    [Fact]
    public async Task Keeps_as_many_files_as_it_may_and_lets_the_oldest_go()
    {
        var settings = new AuditSettings { Path = Log, MaximumSize = AuditSettings.MinimumSize, MaximumFiles = 3 };
        var file = new AuditFile(settings);
        for (var number = 0; number < 8; number++)
            file.Append(Encoding.UTF8.GetBytes($"{number}{new string('x', 40_000)}\n"));

        Assert.Equal(["audit.1.jsonl", "audit.2.jsonl", "audit.jsonl"], Directory.GetFiles(System.IO.Path.GetDirectoryName(Log)!, "*.jsonl").Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["5", "6", "7"], (await ReadAsync(settings)).Select(line => line[..1]));
    }

    [Fact]
    public void A_line_that_a_crash_tore_does_not_swallow_the_next_one()
    {
        var file = new AuditFile(new AuditSettings { Path = Log });
        file.Append("one\n"u8);
        File.AppendAllText(Log, "{\"half");
        file.Append("two\n"u8);

        Assert.Equal("one\n{\"half\ntwo\n", File.ReadAllText(Log));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_of()
    {
        Directory.CreateDirectory(Log);
        Assert.ThrowsAny<Exception>(() => new AuditFile(new AuditSettings { Path = Log }).Append("one\n"u8));
    }

    private static async Task<List<string>> ReadAsync(AuditSettings settings)
    {
        var lines = new List<string>();
        foreach (var file in new AuditFile(settings).OpenAll())
        {
            await using (file)
                await new LineReader().ReadAsync(file, line => lines.Add(Encoding.UTF8.GetString(line.Span)), Limits.Token);
        }

        return lines;
    }
}
