using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Text;
using FlourishaSandbox.Envd;
using static FlourishaSandbox.Agent.Tests.Files.TestArchives;

namespace FlourishaSandbox.Agent.Tests.Files;

/// <summary>Paths and tar streams that chance made, the same ones in each run.</summary>
public sealed class FileFuzzTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private static readonly string[] s_pathPieces =
    [
        "/", "//", ".", "..", "../", "~", "\0", "\\", "a", "ü", "漢", "\ud83d\ude00", "\n", "\u001b[31m", " ", "%2e%2e", "%00", "*", "proc/self/fd/0", "dev/null", "etc", new string('x', 300), "\u202e", "\"", "'", "$(id)", "\ufeff",
    ];

    private readonly string _folder = agent.NewFolder();

    private static string Url(string path) => $"{EnvdRoutes.Tar}?path={Uri.EscapeDataString(path)}";

    [Fact]
    public async Task Random_paths_get_an_answer_and_stay_inside()
    {
        var random = new Random(7);
        var before = Directory.GetFileSystemEntries(agent.Home).Length;
        string[] methods = ["Stat", "ListDir", "MakeDir", "Move", "Remove", "CreateWatcher"];
        for (var round = 0; round < 2000; round++)
        {
            var path = _folder + "/f" + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => s_pathPieces[random.Next(s_pathPieces.Length)]));
            var method = methods[random.Next(methods.Length)];
            using var request = random.Next(4) switch
            {
                0 => new HttpRequestMessage(HttpMethod.Get, $"{EnvdRoutes.Files}?path={Uri.EscapeDataString(path)}"),
                1 => new HttpRequestMessage(HttpMethod.Post, $"{EnvdRoutes.Files}?path={Uri.EscapeDataString(path)}") { Content = Content("x"u8.ToArray(), "application/octet-stream") },
                2 => new HttpRequestMessage(HttpMethod.Get, Url(path)),
                _ => new HttpRequestMessage(HttpMethod.Post, EnvdRoutes.Filesystem + method)
                {
                    Content = Content(Encoding.UTF8.GetBytes($"{{\"path\":{Json(path)},\"source\":{Json(path)},\"destination\":{Json(path + "/moved")}}}"), EnvdProtocol.UnaryContentType),
                },
            };
            using var response = await agent.Http.SendAsync(request);
            Assert.True((int)response.StatusCode is 200 or (>= 400 and < 500), $"round {round}: {request.Method} {request.RequestUri} of {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        Assert.True(await agent.IsAliveAsync());
        Assert.Equal(before, Directory.GetFileSystemEntries(agent.Home).Length);
    }

    [Fact]
    public async Task Random_damage_never_harms_the_agent_or_what_is_outside()
    {
        var random = new Random(20260101);
        var before = Directory.GetFileSystemEntries(agent.Home).Length;
        var whole = Archive(TarEntryFormat.Pax, File("a/b/c", "text"), Folder("d"), Link("d/l", "../a"), File(new string('n', 150), "x"), Link("h", "a/b/c", TarEntryType.HardLink),
            new PaxTarEntry(TarEntryType.RegularFile, "pax " + new string('p', 120)) { DataStream = new MemoryStream(new byte[700]) });
        string[] pieces = ["../", "/", "..", "a/../../x", "\0", "99999999999", "-1", "path=/etc/x", "linkpath=../..", "7777777"];
        for (var round = 0; round < 1000; round++)
        {
            var archive = whole.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(archive.Length);
                var piece = random.Next(3) == 0 ? Encoding.ASCII.GetBytes(pieces[random.Next(pieces.Length)]) : [(byte)random.Next(256)];
                piece.AsSpan(0, Math.Min(piece.Length, archive.Length - at)).CopyTo(archive.AsSpan(at));
            }

            // Without a sum that fits, nothing but the sum would ever be looked at.
            if (random.Next(4) > 0)
                RepairSums(archive);

            var target = Directory.CreateDirectory(_folder + "/fuzz").FullName;
            using var content = new ByteArrayContent(archive[..random.Next(archive.Length / 2, archive.Length + 1)]);
            using var response = await agent.Http.PutAsync(Url(target), content);
            Assert.True((int)response.StatusCode is 200 or (>= 400 and < 500), $"round {round}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            if (round % 20 == 0)
                FileAgent.Run("rm", "-rf", target);
        }

        Assert.True(await agent.IsAliveAsync());
        Assert.Equal(before, Directory.GetFileSystemEntries(agent.Home).Length);
    }

    private static void RepairSums(byte[] archive)
    {
        for (var at = 0; at + 512 <= archive.Length; at += 512)
        {
            var block = archive.AsSpan(at, 512);
            if (block.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                block.Slice(148, 8).Fill((byte)' ');
                Encoding.ASCII.GetBytes(Convert.ToString(block.ToArray().Sum(one => one), 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
            }
        }
    }

    private static ByteArrayContent Content(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private static string Json(string text) => $"\"{string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"))}\"";
}
