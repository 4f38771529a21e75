using System.Security.Cryptography;
using System.Text;

namespace FlourishaSandbox.Benchmarks;

/// <summary>Files to copy. Random, so that nothing on the way can make them smaller; always the same, so that runs can be compared.</summary>
internal static class TestData
{
    private const int Seed = 42;
    private const int FilesPerFolder = 50;
    private const int FoldersPerFolder = 10;

    /// <summary>Writes one large file.</summary>
    public static void WriteFile(string path, long length)
    {
        var random = new Random(Seed);
        var buffer = new byte[1 << 20];
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var left = length; left > 0; left -= buffer.Length)
        {
            random.NextBytes(buffer);
            file.Write(buffer, 0, (int)Math.Min(left, buffer.Length));
        }
    }

    /// <summary>Writes many small files of 1 to 8 KB into folders within folders, as a project has them.</summary>
    public static void WriteTree(string path, int files)
    {
        var random = new Random(Seed);
        var buffer = new byte[8192];
        for (var i = 0; i < files; i++)
        {
            var folder = i / FilesPerFolder;
            var name = Path.Combine(path, $"package-{folder / FoldersPerFolder:00}", $"module-{folder % FoldersPerFolder:00}", $"file-{i:0000}.js");
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            var content = buffer.AsSpan(0, random.Next(1024, buffer.Length));
            random.NextBytes(content);
            File.WriteAllBytes(name, content);
        }
    }

    /// <summary>A hash of a file, or of the names and contents of everything in a folder.</summary>
    public static string Hash(string path)
    {
        if (File.Exists(path))
            return HashFile(path);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(path, file)} {HashFile(file)}\n"));

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string HashFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
