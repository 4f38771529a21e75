using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Tests.Files;

public sealed class FileContentTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private readonly string _folder = agent.NewFolder();

    private static string Url(string path, string more = "") => $"{EnvdRoutes.Files}?path={Uri.EscapeDataString(path)}{more}";

    private static async Task<HttpError> ErrorAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        var error = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), EnvdJson.Default.HttpError)!;
        Assert.Equal(status, error.Code);
        Assert.False(string.IsNullOrEmpty(error.Message));
        return error;
    }

    private static ByteArrayContent Raw(byte[] bytes, string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        return content;
    }

    private static async Task<IReadOnlyList<WrittenFile>> WrittenAsync(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(EnvdJson.Default.IReadOnlyListWrittenFile))!;
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Random(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(300_000)]
    [InlineData(5_000_001)]
    public async Task Bytes_come_back_as_they_went(int length)
    {
        var content = Random(length);
        var path = _folder + "/new/folder/ünï 漢字+%&\n.bin";

        var written = await WrittenAsync(await agent.Http.PostAsync(Url(path), Raw(content)));
        Assert.Equal([new WrittenFile(path, Path.GetFileName(path))], written);
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
        Assert.Equal((UnixFileMode)0x1A4, File.GetUnixFileMode(path));

        using var response = await agent.Http.GetAsync(Url(path));
        Assert.Equal((HttpStatusCode.OK, (long?)length), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_file_that_is_there_is_written_anew_and_keeps_its_mode()
    {
        var path = Write("old", Random(1000));
        File.SetUnixFileMode(path, (UnixFileMode)0x1C0);
        File.CreateSymbolicLink(_folder + "/link", "old");
        File.CreateSymbolicLink(_folder + "/ahead", "to come");

        await WrittenAsync(await agent.Http.PostAsync(Url(_folder + "/link"), Raw("short"u8.ToArray())));
        await WrittenAsync(await agent.Http.PostAsync(Url(_folder + "/ahead"), Raw("first"u8.ToArray())));

        Assert.Equal("short", File.ReadAllText(path));
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(path));
        Assert.Equal("first", File.ReadAllText(_folder + "/to come"));
    }

    [Fact]
    public async Task Two_hundred_megabytes_arrive_bit_for_bit()
    {
        const int Size = 200 << 20;
        var content = Random(Size);
        var path = _folder + "/large";
        await WrittenAsync(await agent.Http.PostAsync(Url(path), Raw(content)));

        await using (var file = File.OpenRead(path))
            Assert.Equal(SHA256.HashData(content), await SHA256.HashDataAsync(file));

        await using var stream = await agent.Http.GetStreamAsync(Url(path));
        Assert.Equal(SHA256.HashData(content), await SHA256.HashDataAsync(stream));
        File.Delete(path);
    }

    [Fact]
    public async Task A_form_brings_many_files()
    {
        using var form = new MultipartFormDataContent("-----b0undary");
        string[] names = ["one.txt", "folder/two.txt", "ünï 漢字.txt", "semi;colon=\\\"quoted\\\".txt", _folder + "/absolute.txt"];
        var expected = new List<(string Path, byte[] Content)>();
        foreach (var (i, name) in names.Index())
        {
            var content = Random(40_000 * i, i);
            var relative = name.StartsWith('/') ? name : $"{_folder}//./{name}";
            var part = new ByteArrayContent(content);
            part.Headers.TryAddWithoutValidation("Content-Disposition", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes($"form-data; name=\"file\"; filename=\"{relative}\"")));
            form.Add(part);
            expected.Add((Path.Combine(_folder, name.Replace("\\\"", "\"", StringComparison.Ordinal)), content));
        }

        form.Add(new StringContent("passed over"), "other");
        using var raw = new ByteArrayContent(await form.ReadAsByteArrayAsync());
        raw.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=\"-----b0undary\"");
        var written = await WrittenAsync(await agent.Http.PostAsync(EnvdRoutes.Files, raw));

        Assert.Equal(expected.Select(file => file.Path), written.Select(file => file.Path));
        foreach (var (path, content) in expected)
            Assert.Equal(content, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_form_for_one_path_needs_no_name()
    {
        using var form = new MultipartFormDataContent { { new StringContent("file content"), "file" } };
        var path = _folder + "/hello.txt";
        Assert.Equal([new WrittenFile(path, "hello.txt")], await WrittenAsync(await agent.Http.PostAsync(Url(path), form)));
        Assert.Equal("file content", File.ReadAllText(path));

        using var two = new MultipartFormDataContent { { new StringContent("1"), "file" }, { new StringContent("2"), "file" } };
        await ErrorAsync(await agent.Http.PostAsync(Url(path), two), 400);
        using var nameless = new MultipartFormDataContent { { new StringContent("1"), "file" } };
        await ErrorAsync(await agent.Http.PostAsync(EnvdRoutes.Files, nameless), 400);
    }

    [Fact]
    public async Task Content_may_be_zipped()
    {
        var content = Random(200_000);
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(content);

        await WrittenAsync(await agent.Http.PostAsync(Url(_folder + "/zipped"), Raw(zipped.ToArray(), "gzip")));
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder + "/zipped"));

        await ErrorAsync(await agent.Http.PostAsync(Url(_folder + "/none"), Raw(content, "gzip")), 400);
        Assert.False(File.Exists(_folder + "/none"));
        await ErrorAsync(await agent.Http.PostAsync(Url(_folder + "/none"), Raw(content, "br")), 400);
    }

    [Fact]
    public async Task What_is_said_about_a_file_is_kept_with_it()
    {
        var path = _folder + "/said";
        async Task<IReadOnlyDictionary<string, string>?> WriteAsync(params (string Key, string Value)[] metadata)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Url(path)) { Content = Raw([1]) };
            foreach (var (key, value) in metadata)
                request.Headers.Add("X-Metadata-" + key, value);

            return Assert.Single(await WrittenAsync(await agent.Http.SendAsync(request))).Metadata;
        }

        async Task<IReadOnlyDictionary<string, string>?> StatAsync() =>
            (await agent.CallAsync("Stat", new StatRequest(path), EnvdJson.Default.StatRequest, EnvdJson.Default.EntryResponse)).Entry!.Metadata;

        var expected = new Dictionary<string, string> { ["author"] = "mish & co.", ["purpose"] = "" };
        Assert.Equal(expected, await WriteAsync(("Author", "mish & co."), ("purpose", "")));
        Assert.Equal(expected, await StatAsync());
        Assert.Equal(new Dictionary<string, string> { ["other"] = "1" }, await WriteAsync(("other", "1")));
        Assert.Null(await WriteAsync());
        Assert.Null(await StatAsync());

        File.Delete(path);
        using var refused = new HttpRequestMessage(HttpMethod.Post, Url(path)) { Content = Raw([1]) };
        refused.Headers.Add("X-Metadata-" + new string('k', 247), "value");
        await ErrorAsync(await agent.Http.SendAsync(refused), 400);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100-199", 100, 100)]
    [InlineData("bytes=900-", 900, 100)]
    [InlineData("bytes=-1", 999, 1)]
    [InlineData("bytes=-5000", 0, 1000)]
    [InlineData("bytes=999-99999999999", 999, 1)]
    public async Task A_part_is_sent(string range, int start, int length)
    {
        var content = Random(1000);
        var path = Write("parts", content);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(path));
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await agent.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(content.AsSpan(start, length).ToArray(), await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes {start}-{start + length - 1}/1000", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task A_part_that_is_none_is_refused_or_the_whole_sent()
    {
        var path = Write("parts", Random(1000));
        async Task<(int, long?)> Ask(string range, string? condition = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Url(path));
            request.Headers.TryAddWithoutValidation("Range", range);
            if (condition is not null)
                request.Headers.TryAddWithoutValidation("If-Range", condition);

            using var response = await agent.Http.SendAsync(request);
            return ((int)response.StatusCode, response.Content.Headers.ContentLength);
        }

        Assert.Equal(416, (await Ask("bytes=1000-")).Item1);
        Assert.Equal(416, (await Ask("bytes=-0")).Item1);
        foreach (var range in (string[])["bytes=5-4", "lines=1-2", "bytes=0-1,4-5", "bytes=a-b", "bytes=", "bytes=-"])
            Assert.Equal((200, 1000L), await Ask(range));

        Assert.Equal((200, 1000L), await Ask("bytes=0-1", "Mon, 01 Jan 2001 00:00:00 GMT"));
        Assert.Equal((206, 2L), await Ask("bytes=0-1", File.GetLastWriteTimeUtc(path).ToString("r", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_head_says_how_much_there_is()
    {
        var path = Write("head ü\".txt", Random(1234));
        using var response = await agent.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url(path)));
        Assert.Equal((HttpStatusCode.OK, 1234L), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("head ü\".txt", response.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task What_is_no_file_is_refused()
    {
        FileAgent.Run("mkfifo", _folder + "/pipe");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder + "/socket"));
        File.CreateSymbolicLink(_folder + "/environment", "/proc/1/environ");
        File.CreateSymbolicLink(_folder + "/null", "/dev/null");
        File.CreateSymbolicLink(_folder + "/outside", "/proc/self/root/etc/passwd");
        File.CreateSymbolicLink(_folder + "/circle", "circle");
        string[] paths =
        [
            "/dev/null", "/dev/zero", "/dev/tty", "/proc/self/status", "/proc/1/environ", "/proc/self/mem", "/sys/kernel/mm/transparent_hugepage/enabled", $"/proc/{agent.Pid}/exe",
            "/proc/self/fd/0", _folder, "/", _folder + "/pipe", _folder + "/socket", _folder + "/environment", _folder + "/null", _folder + "/outside", _folder + "/circle",
            "/tmp/../etc/passwd", _folder + "/" + new string('n', 300), "/" + new string('p', 4999),
        ];
        foreach (var path in paths)
        {
            using var read = await agent.Http.GetAsync(Url(path));
            Assert.True(read.StatusCode == HttpStatusCode.BadRequest, $"{path} gave {read.StatusCode}: {await read.Content.ReadAsStringAsync()}");
            using var write = await agent.Http.PostAsync(Url(path), Raw("x"u8.ToArray()));
            Assert.True(write.StatusCode == HttpStatusCode.BadRequest, $"{path} took it: {write.StatusCode} {await write.Content.ReadAsStringAsync()}");
        }

        foreach (var query in (string[])["?path=%00", "?path=a%00b", "?path=%FF", "?path=..", "", "?path="])
            await ErrorAsync(await agent.Http.GetAsync(EnvdRoutes.Files + query), 400);

        await ErrorAsync(await agent.Http.GetAsync(Url(_folder + "/none")), 404);
        await ErrorAsync(await agent.Http.PostAsync(EnvdRoutes.Files, Raw([])), 400);
        await ErrorAsync(await agent.Http.PostAsync(Url(_folder + "/none"), new StringContent("text")), 400);
        await ErrorAsync(await agent.Http.PostAsync(Url(Write("file", []) + "/below"), Raw([])), 400);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await agent.Http.DeleteAsync(Url(_folder))).StatusCode);
        Assert.True(await agent.IsAliveAsync());
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_no_half_file()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root to mount a small file system");
        FileAgent.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder);
        try
        {
            await ErrorAsync(await agent.Http.PostAsync(Url(_folder + "/new"), Raw(Random(3 << 20))), 507);
            Assert.Empty(Directory.GetFileSystemEntries(_folder));
        }
        finally
        {
            FileAgent.Run("umount", _folder);
        }
    }

    [Fact]
    public async Task The_token_or_a_signature_opens_files()
    {
        using var secure = FileAgent.WithToken("secret-token");
        var path = Path.Combine(secure.Home, "hello.txt");
        File.WriteAllText(path, "hello world");

        string Signed(string operation, long? expiration, string user = "", string token = "secret-token") =>
            Url(path, $"&signature={Uri.EscapeDataString(FileSignature.Create(path, operation, user, token, expiration))}" + (expiration is null ? "" : $"&signature_expiration={expiration}") + (user.Length > 0 ? $"&username={user}" : ""));

        var soon = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1000;
        Assert.Equal("missing signature query parameter", (await ErrorAsync(await secure.Http.GetAsync(Url(path)), 401)).Message);
        Assert.Equal("invalid signature", (await ErrorAsync(await secure.Http.GetAsync(Signed(FileSignature.Read, soon)), 401)).Message);

        using var wrong = new HttpRequestMessage(HttpMethod.Get, Url(path));
        wrong.Headers.Add(EnvdProtocol.AccessTokenHeader, "another");
        await ErrorAsync(await secure.Http.SendAsync(wrong), 401);
        using var right = new HttpRequestMessage(HttpMethod.Get, Url(path));
        right.Headers.Add(EnvdProtocol.AccessTokenHeader, "secret-token");
        Assert.Equal("hello world", await (await secure.Http.SendAsync(right)).Content.ReadAsStringAsync());

        Assert.Equal("hello world", await secure.Http.GetStringAsync(Signed(FileSignature.Read, soon)));
        Assert.Equal("hello world", await secure.Http.GetStringAsync(Signed(FileSignature.Read, null)));
        Assert.Equal("hello world", await secure.Http.GetStringAsync(Signed(FileSignature.Read, soon, Environment.UserName)));
        Assert.Equal("signature is already expired", (await ErrorAsync(await secure.Http.GetAsync(Signed(FileSignature.Read, soon - 100_000)), 401)).Message);
        Assert.Equal("invalid signature", (await ErrorAsync(await secure.Http.GetAsync(Signed(FileSignature.Write, soon)), 401)).Message);
        await ErrorAsync(await secure.Http.GetAsync(Signed(FileSignature.Read, soon, token: "other")), 401);
        await ErrorAsync(await secure.Http.GetAsync(Signed(FileSignature.Read, soon) + "0"), 401);
        await ErrorAsync(await secure.Http.GetAsync(Signed(FileSignature.Read, soon, "somebody-else")), 401);
        await ErrorAsync(await secure.Http.PostAsync(Signed(FileSignature.Read, soon), Raw([1])), 401);
        await WrittenAsync(await secure.Http.PostAsync(Signed(FileSignature.Write, soon), Raw("new"u8.ToArray())));
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public async Task Another_user_is_refused() => await ErrorAsync(await agent.Http.GetAsync(Url(Write("file", []), "&username=somebody-else")), 401);

    [Fact]
    public async Task What_the_user_may_not_read_is_forbidden()
    {
        Assert.SkipUnless(FileAgent.CanBeNobody, "needs root and setpriv");
        using var nobody = FileAgent.AsNobody();
        var path = Path.Combine(nobody.Home, "locked");
        File.WriteAllText(path, "secret");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        await ErrorAsync(await nobody.Http.GetAsync(Url(path)), 403);

        // It has no home that it could use, so the working directory is where relative paths begin.
        Assert.Equal([new WrittenFile(Path.Combine(nobody.Home, "a/b"), "b")], await WrittenAsync(await nobody.Http.PostAsync(Url("a/b"), Raw([1]))));
        Assert.Equal([1], await nobody.Http.GetByteArrayAsync(Url("~/a/b")));
        await ErrorAsync(await nobody.Http.PostAsync(Url(path), Raw([])), 403);
        await ErrorAsync(await nobody.Http.PostAsync(Url("/flourisha-never/x"), Raw([])), 403);
    }
}
