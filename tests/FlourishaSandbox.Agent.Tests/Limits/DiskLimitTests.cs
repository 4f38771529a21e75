using System.Net;
using System.Net.Http.Json;
using FlourishaSandbox.Agent.Tests.Containers;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests.Limits;

/// <summary>A disk of 64 MiB, in a container whose engine has no quota.</summary>
public sealed class DiskLimitTests : IAsyncLifetime
{
    private const long Limit = 64 << 20;

    // What may be written beyond the limit before whoever writes is ended: what he writes in the time that it takes to notice. On an idle
    // machine some MiB; a busy one may be late by a second, and writes slowly then.
    private const long Overshoot = 512 << 20;

    private readonly AgentContainer _container = new() { EngineOptions = ["--read-only=false"], AgentOptions = ["--disk-limit", "67108864"] };

    public ValueTask InitializeAsync() => _container.InitializeAsync();

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    [Fact]
    public async Task One_file_is_never_larger_than_the_disk()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        var run = await _container.Http.RunAsync("head -c 200m /dev/zero > /var/tmp/big; echo $?; stat -c %s /var/tmp/big");

        Assert.Equal(Limit.ToString(System.Globalization.CultureInfo.InvariantCulture), (await _container.Http.RunAsync("stat -c %s /var/tmp/big")).Stdout.Trim());
        Assert.True(run.Stderr.Contains("File too large", StringComparison.Ordinal) || run.End!.Flourisha!.Exceeded == ExceededLimits.Disk, run.Stderr);
    }

    [Fact]
    public async Task Who_fills_the_disk_is_ended_and_others_are_not()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        var server = await _container.Http.LaunchAsync(AgentHttp.Shell("while sleep 0.1; do echo a line of a log >> /tmp/log; done"));
        var run = await _container.Http.RunAsync("i=0; while :; do i=$((i+1)); head -c 4m /dev/zero > /var/tmp/f$i; done");

        Assert.Equal((137, ExceededLimits.Disk), (run.End!.ExitCode, run.End.Flourisha!.Exceeded));
        Assert.Contains("disk limit", run.End.Error, StringComparison.Ordinal);
        Assert.InRange(await UsedAsync(), Limit, Limit + Overshoot);
        Assert.Equal([server], (await _container.Http.ListAsync()).Processes!.Select(process => process.Pid));

        // As long as it is full nothing goes in, and whoever writes is ended.
        using var refused = await UploadAsync(1 << 20);
        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Contains("disk limit is reached", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True((await _container.Http.Client.GetFromJsonAsync(EnvdRoutes.Metrics, EnvdJson.Default.AgentMetrics))!.IsDiskFull);
        var again = await _container.Http.RunAsync("i=0; while :; do i=$((i+1)); head -c 1m /dev/zero > /var/tmp/g$i; done");
        Assert.Equal(ExceededLimits.Disk, again.End!.Flourisha!.Exceeded);

        // Removing is writing, too, but not much; then all is as before.
        var removal = await _container.Http.RunAsync("rm /var/tmp/f* /var/tmp/g*");
        Assert.Equal((0, null), (removal.End!.ExitCode, removal.End.Flourisha!.Exceeded));
        await RunningAgent.WaitUntilAsync(async () =>
        {
            using var taken = await UploadAsync(1 << 20);
            return taken.IsSuccessStatusCode;
        }, "files are taken again");
        Assert.Equal(0, (await _container.Http.RunAsync("head -c 4m /dev/zero > /var/tmp/f")).End!.ExitCode);
    }

    [Fact]
    public async Task An_upload_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        using var refused = await UploadAsync(80 << 20);

        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.InRange(await UsedAsync(), 0, 1 << 20);
        for (var i = 0; i < 5; i++)
        {
            // One that replaces itself takes no more than once.
            using var taken = await UploadAsync(30 << 20);
            Assert.True(taken.IsSuccessStatusCode, $"{i}: {await taken.Content.ReadAsStringAsync()}");
        }
    }

    [Theory]
    [InlineData("mkdir /var/tmp/d; cd /var/tmp/d; chmod 300 .; i=0; while :; do i=$((i+1)); head -c 4m /dev/zero > f$i; done")]
    [InlineData("exec perl -e 'for ($i = 0; ; $i++) { open($f[$i], \">\", \"/var/tmp/x\"); unlink(\"/var/tmp/x\"); syswrite($f[$i], \"x\" x (4 << 20)) }'")]
    public async Task What_is_hidden_counts_too(string script)
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        Assert.Equal(ExceededLimits.Disk, (await _container.Http.RunAsync(script)).End!.Flourisha!.Exceeded);
    }

    [Fact]
    public async Task Removing_thousands_of_files_from_a_full_disk_is_no_writing()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        var filled = await _container.Http.RunAsync("i=0; while [ $i -lt 6000 ]; do i=$((i+1)); echo hello > /var/tmp/small$i; done; while :; do i=$((i+1)); head -c 4m /dev/zero > /var/tmp/f$i; done");
        Assert.Equal(ExceededLimits.Disk, filled.End!.Flourisha!.Exceeded);

        var removal = await _container.Http.RunAsync("cd /var/tmp; find . -type f -delete; sleep 0.5; ls | wc -l");
        Assert.Equal(("0\n", null), (removal.Stdout, removal.End!.Flourisha!.Exceeded));
    }

    [Fact]
    public async Task Memory_file_systems_are_no_disk()
    {
        Assert.SkipUnless(DockerTool.Obstacle is null, DockerTool.Obstacle ?? "");

        var run = await _container.Http.RunAsync("for i in 1 2 3 4; do head -c 30m /dev/zero > /tmp/f$i; done; sleep 1.5; echo done; rm /tmp/f*");

        Assert.Equal(("done\n", 0), (run.Stdout, run.End!.ExitCode));
    }

    private async Task<long> UsedAsync()
    {
        // Inside of the container, as root: what its user may not look into is counted too.
        var text = await DockerTool.RunAsync("exec", "--user", "root", _container.Name, "du", "-sxB1", "/var/tmp");
        return long.Parse(text.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<HttpResponseMessage> UploadAsync(int bytes)
    {
        using var content = AgentHttp.Content(new byte[bytes], "application/octet-stream");
        return await _container.Http.Client.PostAsync(new Uri($"{EnvdRoutes.Files}?path=/var/tmp/upload", UriKind.Relative), content);
    }
}
