using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>Real programs run in a strict sandbox: a root that cannot be written, an empty home, and our own filter of system calls.</summary>
[Trait("Category", Engine.Category)]
public sealed class StrictProgramsTests(StrictPrograms programs) : IClassFixture<StrictPrograms>
{
    public static TheoryData<string, string, string> Lines() => new()
    {
        { "python", "4 [1, 4, 9] ok", """python3 -c 'import multiprocessing, subprocess, threading, asyncio; t = threading.Thread(target=lambda: None); t.start(); t.join(); print(subprocess.run(["echo", "4"], capture_output=True, text=True).stdout.strip(), multiprocessing.Pool(2).map(int.bit_count, [1, 15, 511]), asyncio.run(asyncio.sleep(0, "ok")))'""" },
        { "sqlite from python", "[(1, 'a')]", """python3 -c 'import sqlite3; d = sqlite3.connect("x.db"); d.execute("pragma journal_mode=wal"); d.execute("create table t(i, s)"); d.execute("insert into t values (1, ?)", ("a",)); d.commit(); print(d.execute("select * from t").fetchall())'""" },
        { "venv", "venv", "python3 -m venv --without-pip v && v/bin/python -c 'import sys; print(sys.prefix.split(\"/\")[-1].replace(\"v\", \"venv\"))'" },
        { "sqlite", "2|b", "sqlite3 y.db \"create table t(i, s); insert into t values (2, 'b'); select * from t;\"" },
        { "node", "42 child 3", """node -e 'const { Worker } = require("worker_threads"); const { execSync } = require("child_process"); const w = new Worker("require(\"worker_threads\").parentPort.postMessage(42)", { eval: true }); w.on("message", m => require("fs").promises.writeFile("f", "abc").then(() => console.log(m, execSync("echo child").toString().trim(), require("fs").statSync("f").size)))'""" },
        { "npm", "made 1.0.0", "mkdir -p n && cd n && npm init -y > /dev/null && npm pkg set name=made && node -p '`${require(\"./package.json\").name} ${require(\"./package.json\").version}`'" },
        { "npm's global folder", "/home/coder/.local", "npm prefix --global" },
        { "typescript", "7", "mkdir -p ts && cd ts && echo 'const n: number = 7; console.log(n)' > a.ts && tsc a.ts && node a.js" },
        { "git", "second", "git init -q g && cd g && git config user.name a && git config user.email a@b && echo 1 > f && git add f && git commit -qm first && git clone -q . ../h && cd ../h && git -c user.name=a -c user.email=b commit -q --allow-empty -m second && git log -1 --format=%s" },
        { "git in the workspace itself", "main", "git init -q -b main . && git branch --show-current" },
        { "curl", "000", "curl -s -o /dev/null -w '%{http_code}' --max-time 2 http://127.0.0.1:9/ || true" },
        { "shells and pipes", "3", "bash -c 'mkfifo p; (echo a; echo b; echo c) > p & wc -l < p'" },
        { "tar and gzip", "x/y", "mkdir -p x && echo y > x/y && tar czf x.tgz x && tar tzf x.tgz | tail -1" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_program_runs(string what, string expected, string line)
    {
        var (house, sandbox) = await programs.GetAsync();
        var folder = $"/workspace/{Guid.NewGuid():N}";
        var result = await house.RunAsync(sandbox, $"mkdir {folder} && cd {folder} && {line}");
        Assert.True(result.ExitCode == 0 && result.Output.TrimEnd() == expected, $"{what}: {result.ExitCode}: {result.Output}{result.Error}");
    }

    [Theory]
    [InlineData("unshare --user true")]
    [InlineData("unshare --net true")]
    [InlineData("python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).ptrace(0, 0, 0, 0) & 1)'")]
    [InlineData("mount -t tmpfs none /tmp")]
    [InlineData("touch /etc/x")]
    [InlineData("touch /usr/local/bin/x")]
    public async Task What_is_denied_is_an_error_and_no_more(string line)
    {
        var (house, sandbox) = await programs.GetAsync();
        Assert.NotEqual(0, (await house.RunAsync(sandbox, line)).ExitCode);
        Assert.Equal("alive", await house.ShellAsync(sandbox, "echo alive"));
    }
}

/// <summary>A strict sandbox of the template for web applications.</summary>
public sealed class StrictPrograms : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private SandboxHouse? _house;
    private Sandbox? _sandbox;

    internal async Task<(SandboxHouse House, Sandbox Sandbox)> GetAsync()
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _house ??= await SandboxHouse.OpenAsync();
            if (_sandbox is null)
            {
                await _house.Manager.Images.EnsureAsync(_house.Manager.Templates.Get("fullstack"), OperationObserver.None, TestContext.Current.CancellationToken);
                _sandbox = await _house.CreateAsync(options => options with { Image = null, Template = "fullstack", Isolation = IsolationLevel.Strict });
            }

            return (_house, _sandbox);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_house is not null)
            await _house.DisposeAsync();
        _one.Dispose();
    }
}
