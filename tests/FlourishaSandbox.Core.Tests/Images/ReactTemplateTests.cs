using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Images;

/// <summary>The template for React: what it promises is that nothing is fetched, also where nothing of its image can be written.</summary>
[Trait("Category", Engine.Category)]
public sealed class ReactTemplateTests
{
    // A page's part of hot reload: the modules that it shows, and the socket by which it hears of changes.
    private const string Listener = """
        const from = (path) => fetch('http://localhost:5173' + path).then((answer) => answer.text());
        const [, token] = /wsToken = "([^"]+)"/.exec(await from('/@vite/client'));
        for (const path of ['/src/main.jsx', '/src/App.jsx', '/src/index.css']) await from(path);
        const socket = new WebSocket(`ws://localhost:5173/?token=${token}`, 'vite-hmr');
        setTimeout(() => { console.log('nothing was heard'); process.exit(1); }, 20_000);
        socket.onmessage = async ({ data }) => {
          const message = JSON.parse(data);
          if (message.type === 'connected') {
            const { readFile, writeFile } = await import('node:fs/promises');
            await writeFile('src/App.jsx', (await readFile('src/App.jsx', 'utf8')).replace('It works.', 'It is changed.'));
          } else if (message.type === 'full-reload') {
            console.log('a reload'); process.exit(1);
          } else if (message.type === 'update' && message.updates.some(({ path }) => path === '/src/App.jsx')) {
            console.log((await from('/src/App.jsx')).includes('It is changed.') ? 'changed' : 'unchanged'); process.exit(0);
          }
        };
        """;

    [Theory]
    [InlineData(IsolationLevel.Standard, null, "true")]
    [InlineData(IsolationLevel.Strict, "/app", "cp -r /opt/react/skeleton/. .")]
    public async Task Its_dev_server_starts_and_tells_of_changes_without_a_network(IsolationLevel isolation, string? folder, string fill)
    {
        await using var house = await SandboxHouse.OpenAsync();
        await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get("react"), OperationObserver.None, TestContext.Current.CancellationToken);
        var sandbox = await house.CreateAsync(options => options with { Image = null, Template = "react", Isolation = isolation, WorkingDirectory = folder, Network = NetworkPolicy.None });
        await house.ShellAsync(sandbox, fill);
        await house.Manager.StartAsync(sandbox, new CommandRequest { Command = "vite" }, OperationObserver.None, Limits.Token);
        await house.ShellAsync(sandbox, "for i in $(seq 100); do curl -sf -o /dev/null http://localhost:5173/ && break; sleep 0.2; done");

        Assert.Contains(".min-h-dvh", await house.ShellAsync(sandbox, "curl -sf http://localhost:5173/src/index.css"), StringComparison.Ordinal);
        Assert.Equal("changed", await house.ShellAsync(sandbox, $"cat > /tmp/listen.mjs << 'END' && node /tmp/listen.mjs\n{Listener}\nEND"));
        Assert.Contains("built in", await house.ShellAsync(sandbox, "vite build"), StringComparison.Ordinal);
        Assert.Equal("ok", await house.ShellAsync(sandbox, "echo 'export const n: number = 7;' > n.ts && tsc --noEmit n.ts && echo ok"));
    }
}
