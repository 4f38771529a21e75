using System.Globalization;
using System.Net;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Gateway;

/// <summary>A sandbox in which this machine's nginx answers every request with a few bytes.</summary>
/// <param name="Sandbox">The sandbox.</param>
/// <param name="Address">Its own address.</param>
internal sealed record ServedSandbox(Sandbox Sandbox, IPAddress Address)
{
    /// <summary>Where it listens.</summary>
    public const int Port = 8000;

    // One process: fifty sandboxes have no fifty cores.
    private const string Configuration = """
        daemon off; worker_processes 1; pid /tmp/nginx.pid; error_log /tmp/error.log;
        events { worker_connections 1024; }
        http {
          access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
          client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
          server { listen 8000; location / { default_type text/plain; return 200 "hello from a sandbox\n"; } }
        }
        """;

    /// <summary>Its name at the gateway, without the gateway's port.</summary>
    public string Host => string.Create(CultureInfo.InvariantCulture, $"{Port}-{Sandbox.ShortId}.localhost");

    /// <summary>Makes one, and waits until it answers.</summary>
    public static async Task<ServedSandbox> CreateAsync(Laboratory laboratory, string nginx, CancellationToken cancellationToken)
    {
        var manager = laboratory.Manager;
        var sandbox = await manager.CreateAsync(laboratory.SandboxOptions with { Ports = [Port], Routing = HostRouting.Gateway }, OperationObserver.None, cancellationToken);
        await using (var program = File.OpenRead(nginx))
            await manager.RunAsync(sandbox, new CommandRequest { Command = "cat > /tmp/nginx && chmod +x /tmp/nginx" }, program, OperationObserver.None, cancellationToken);

        using (var configuration = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(Configuration)))
            await manager.RunAsync(sandbox, new CommandRequest { Command = "cat > /tmp/nginx.conf" }, configuration, OperationObserver.None, cancellationToken);

        var process = await manager.Processes.StartAsync(sandbox, new CommandRequest { Command = "exec /tmp/nginx -e /tmp/error.log -c /tmp/nginx.conf" }, new(), OperationObserver.None, cancellationToken);
        while (!(await manager.Ports.ListAsync(sandbox, cancellationToken)).Any(listener => listener.Port == Port))
        {
            if ((await manager.Processes.ListAsync(sandbox, includeEnded: false, cancellationToken)).All(each => each.Id != process.Id))
                throw new InvalidOperationException($"This machine's nginx does not run in sandboxes of the image {laboratory.Options.Image}: {(await manager.RunAsync(sandbox, new CommandRequest { Command = "/tmp/nginx -e /tmp/error.log -t -c /tmp/nginx.conf" }, input: null, OperationObserver.None, cancellationToken)).Error}");

            await Task.Delay(20, cancellationToken);
        }

        return new ServedSandbox(sandbox, sandbox.Address ?? throw new InvalidOperationException($"Sandbox '{sandbox}' has no address."));
    }
}
