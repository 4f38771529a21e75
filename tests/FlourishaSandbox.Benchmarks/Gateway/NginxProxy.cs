using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Benchmarks.Gateway;

/// <summary>nginx as a proxy to sandboxes by their names at the gateway, as fast as its manual has it.</summary>
internal static class NginxProxy
{
    /// <summary>nginx's program; null where there is none.</summary>
    public static string? Program { get; } = Tool.Find("nginx") ?? (File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : null);

    /// <summary>Starts it.</summary>
    public static Task<ServerProcess> StartAsync(string nginx, string folder, IReadOnlyList<ServedSandbox> servers, CancellationToken cancellationToken) =>
        ServerProcess.StartAsync(nginx, port =>
        {
            var path = Path.Combine(folder, "proxy.conf");
            File.WriteAllText(path, Configure(folder, port, servers));
            return ["-e", Path.Combine(folder, "proxy.log"), "-c", path];
        }, cancellationToken);

    private static string Configure(string folder, int port, IReadOnlyList<ServedSandbox> servers)
    {
        var (map, upstreams) = (new StringBuilder(), new StringBuilder());
        foreach (var server in servers)
        {
            map.Append(CultureInfo.InvariantCulture, $"{server.Host} s{server.Sandbox.ShortId}; ");
            upstreams.Append(CultureInfo.InvariantCulture, $"upstream s{server.Sandbox.ShortId} {{ server {server.Address}:{ServedSandbox.Port}; keepalive 256; keepalive_requests 1000000000; }}\n");
        }

        return $$"""
            daemon off; worker_processes auto; pid {{folder}}/proxy.pid; {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000000; keepalive_timeout 300s; tcp_nodelay on; map_hash_bucket_size 128; map_hash_max_size 4096;
              client_body_temp_path {{folder}}/a; proxy_temp_path {{folder}}/b; fastcgi_temp_path {{folder}}/c; uwsgi_temp_path {{folder}}/d; scgi_temp_path {{folder}}/e;
              map $http_host $target { {{map}} }
              {{upstreams}}
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location / {
                  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost:{{ServedSandbox.Port}};
                  proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
                  proxy_pass http://$target;
                }
              }
            }
            """;
    }
}
