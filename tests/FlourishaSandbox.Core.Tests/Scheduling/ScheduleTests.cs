using System.Diagnostics;
using System.Xml.Linq;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Core.Tests.Scheduling;

/// <summary>What is written down for a clean-up by the clock, and that the same is read back.</summary>
public sealed class ScheduleTests
{
    private static readonly string[] s_command = ["/opt/it's here/docker-sandbox", "cleanup", "--note", "100% of $HOME \"now\" \\ "];
    private static readonly Dictionary<string, string> s_environment = new() { ["DOCKER_HOST"] = "unix:///var/run/my docker.sock", ["FLOURISHA_OWNER"] = "me@100%" };

    [Theory]
    [InlineData(1, "* * * * *")]
    [InlineData(15, "*/15 * * * *")]
    [InlineData(60, "0 * * * *")]
    [InlineData(360, "0 */6 * * *")]
    [InlineData(1440, "0 0 * * *")]
    public async Task A_crontab_gets_one_line_that_a_shell_reads_back_and_keeps_all_others(int minutes, string when)
    {
        var crontab = new FakeTool { Crontab = "# mine\n0 3 * * * backup # flourisha\n" };
        var scheduler = new CronScheduler(crontab);
        Assert.Null(await scheduler.FindAsync(Limits.Token));
        var plan = scheduler.Plan(new ScheduleOptions { Every = TimeSpan.FromMinutes(minutes) }, s_command, s_environment);
        Assert.StartsWith(when + " ", plan.Text, StringComparison.Ordinal);
        await scheduler.WriteAsync(plan, Limits.Token);
        await scheduler.WriteAsync(plan, Limits.Token);

        Assert.Equal(3, crontab.Crontab!.TrimEnd('\n').Split('\n').Length);
        var found = await scheduler.FindAsync(Limits.Token);
        Assert.Equal((TimeSpan.FromMinutes(minutes), plan.Text), (found!.Every, found.Text));
        Assert.Equal(s_command, found.Command);
        Assert.Equal(s_environment, found.Environment);

        // As cron does it: what follows an escaped percent sign stays, and a shell gets the rest.
        var line = plan.Text[(when.Length + 1)..].TrimEnd('\n').Replace("\\%", "%", StringComparison.Ordinal).Replace("'/opt/it'\\''s here/docker-sandbox'", "printf '%s\\n' \"$DOCKER_HOST\"", StringComparison.Ordinal).Replace(" >/dev/null", "", StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal($"{s_environment["DOCKER_HOST"]}\ncleanup\n--note\n{s_command[3]}\n", (await ShellAsync($"export {line.Replace(" printf", "; printf", StringComparison.Ordinal)}")).Output);

        await scheduler.RemoveAsync(Limits.Token);
        await scheduler.RemoveAsync(Limits.Token);
        Assert.Equal("# mine\n0 3 * * * backup # flourisha\n", crontab.Crontab);
    }

    [Fact]
    public async Task A_user_without_a_crontab_gets_one_and_has_none_afterwards()
    {
        var crontab = new FakeTool();
        var scheduler = new CronScheduler(crontab);
        await scheduler.WriteAsync(scheduler.Plan(new ScheduleOptions(), s_command, s_environment), Limits.Token);
        Assert.NotNull(await scheduler.FindAsync(Limits.Token));
        await scheduler.RemoveAsync(Limits.Token);
        Assert.Null(crontab.Crontab);
    }

    [Fact]
    public async Task A_crontab_that_cannot_be_read_is_not_overwritten()
    {
        var crontab = new FakeTool { Crontab = "precious\n", Failure = "you are not allowed to use this program" };
        var scheduler = new CronScheduler(crontab);
        var failure = await Failure.ExpectAsync(SandboxError.ScheduleFailed, () => scheduler.WriteAsync(scheduler.Plan(new ScheduleOptions(), s_command, s_environment), Limits.Token));
        Assert.Contains("not allowed", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious\n", crontab.Crontab);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2881)]
    [InlineData(1.5)]
    public void What_is_no_schedule_is_refused(double minutes) => Failure.Expect(SandboxError.InvalidOption, () => new ScheduleOptions { Every = TimeSpan.FromMinutes(minutes) }.Validate());

    [Fact]
    public void What_cron_cannot_tell_is_refused_with_what_it_can()
    {
        var failure = Failure.Expect(SandboxError.InvalidOption, () => new CronScheduler(new FakeTool()).Plan(new ScheduleOptions { Every = TimeSpan.FromMinutes(7) }, s_command, s_environment));
        Assert.Contains("6, 10", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_gets_a_timer_and_a_service_that_it_accepts()
    {
        using var folder = new TemporaryFolder();
        var tool = new FakeTool();
        var scheduler = new SystemdScheduler(tool, folder.Path);
        var plan = scheduler.Plan(new ScheduleOptions { Every = TimeSpan.FromMinutes(7) }, ["/bin/true", .. s_command.Skip(1)], s_environment);
        Assert.Equal(folder["flourisha-cleanup.timer"], plan.Location);
        Assert.Contains("OnUnitActiveSec=420s", plan.Text, StringComparison.Ordinal);
        await scheduler.WriteAsync(plan, Limits.Token);
        Assert.Equal(["daemon-reload", "enable --now flourisha-cleanup.timer"], tool.Calls.Select(call => call.Replace("systemctl ", "", StringComparison.Ordinal).Replace("--user ", "", StringComparison.Ordinal)));

        var found = await scheduler.FindAsync(Limits.Token);
        Assert.Equal(TimeSpan.FromMinutes(7), found!.Every);
        Assert.Equal(["/bin/true", .. s_command.Skip(1)], found.Command);
        if (File.Exists("/usr/bin/systemd-analyze"))
        {
            var (exitCode, output) = await ShellAsync($"systemd-analyze verify {folder["flourisha-cleanup.timer"]} {folder["flourisha-cleanup.service"]} 2>&1");
            Assert.True(exitCode == 0 && !output.Contains("flourisha-cleanup", StringComparison.Ordinal), output);
        }

        await scheduler.RemoveAsync(Limits.Token);
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.Null(await scheduler.FindAsync(Limits.Token));
    }

    [Fact]
    public async Task A_timer_that_systemd_does_not_take_is_not_left_lying_there()
    {
        using var folder = new TemporaryFolder();
        var scheduler = new SystemdScheduler(new FakeTool { Failure = "System has not been booted with systemd" }, folder.Path);
        await Failure.ExpectAsync(SandboxError.ScheduleFailed, () => scheduler.WriteAsync(scheduler.Plan(new ScheduleOptions(), s_command, s_environment), Limits.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Windows_gets_a_task_that_sets_the_variables_first()
    {
        var tool = new FakeTool();
        var scheduler = new WindowsTaskScheduler(tool);
        var plan = scheduler.Plan(new ScheduleOptions { Every = TimeSpan.FromHours(1) }, [@"C:\Program Files\docker-sandbox.exe", "cleanup"], new Dictionary<string, string> { ["DOCKER_HOST"] = "npipe:////./pipe/it's" });
        var task = XDocument.Parse(plan.Text).Root!;
        string Value(string name) => task.Descendants().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("PT60M", "powershell.exe"), (Value("Interval"), Value("Command")));
        Assert.EndsWith("-Command \"$env:DOCKER_HOST = 'npipe:////./pipe/it''s'; & 'C:\\Program Files\\docker-sandbox.exe' 'cleanup'\"", Value("Arguments"), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(1), WindowsTaskScheduler.Read(plan.Text)!.Every);

        await scheduler.WriteAsync(plan, Limits.Token);
        Assert.Matches(@"\Aschtasks /Create /TN FlourishaSandbox\\Cleanup /XML .*flourisha-cleanup-.*\.xml /F\z", Assert.Single(tool.Calls));
        Assert.Contains("<Interval>PT60M</Interval>", tool.Written, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "flourisha-cleanup-*.xml"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData(@"a b\", @"""a b\\""")]
    [InlineData("say \"hi\"", @"""say \""hi\""""")]
    public void A_word_for_Windows_is_quoted_as_its_programs_read_it(string word, string quoted) => Assert.Equal(quoted, ScheduleWords.QuoteForWindows(word));

    [Fact]
    public async Task What_is_run_has_the_settings_that_hold_now()
    {
        var scheduler = new CleanupScheduler(new CronScheduler(new FakeTool()));
        var options = new ScheduleOptions { OlderThan = TimeSpan.FromHours(24), AllOwners = true };
        Assert.Equal(["/bin/ds", "cleanup", "--json", "--older-than", "86400s", "--all"], scheduler.Plan(options, ["/bin/ds"], isPowerShell: false).Command);
        Assert.Equal(["pwsh", "-Command", "Import-Module x; Clear-StaleSandbox -Confirm:$false -OlderThan 86400 -All"], scheduler.Plan(options, ["pwsh", "-Command", "Import-Module x"], isPowerShell: true).Command);
        Assert.Null(await scheduler.UnregisterAsync(Limits.Token));
    }

    [Fact]
    public async Task The_crontab_of_this_machine_takes_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/crontab"), "there is no cron here: apt-get install cron");
        var scheduler = new CronScheduler(new ScheduleTool());
        var (before, beforeText) = await ShellAsync("crontab -l");
        Assert.SkipUnless(await scheduler.FindAsync(Limits.Token) is null, "there is a schedule of the user's own here");
        await scheduler.WriteAsync(scheduler.Plan(new ScheduleOptions(), s_command, s_environment), Limits.Token);
        Assert.Equal(s_command, (await scheduler.FindAsync(Limits.Token))!.Command);
        await scheduler.RemoveAsync(Limits.Token);
        Assert.Equal((before, beforeText), await ShellAsync("crontab -l"));
    }

    private static async Task<(int ExitCode, string Output)> ShellAsync(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(Limits.Token);
        await process.WaitForExitAsync(Limits.Token);
        return (process.ExitCode, output);
    }
}
