using System.Security.Cryptography;

namespace FlourishaSandbox.Core.Tests.Files;

/// <summary>What a folder holds, so that two moments or two folders can be compared: type, mode, content, link target, time.</summary>
internal static class TreeSnapshot
{
    public static SortedDictionary<string, string> Of(string folder, bool withTimes = true, bool withFolderTimes = false)
    {
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Items(new DirectoryInfo(folder)))
        {
            var text = item switch
            {
                { LinkTarget: { } target } => $"link {target}",
                DirectoryInfo => $"folder {item.UnixFileMode}",
                FileInfo file => $"file {file.UnixFileMode} {file.Length} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)))}",
                _ => "?",
            };
            if (item.LinkTarget is null && (item is FileInfo ? withTimes : withFolderTimes))
                text += $" {new DateTimeOffset(item.LastWriteTimeUtc).ToUnixTimeSeconds()}";
            items.Add(Path.GetRelativePath(folder, item.FullName), text);
        }

        return items;
    }

    /// <summary>Everything below a folder; links are not followed.</summary>
    public static IEnumerable<FileSystemInfo> Items(DirectoryInfo folder) => folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None })
        .SelectMany(item => item is DirectoryInfo { LinkTarget: null } below ? Items(below).Prepend(item) : [item]);
}
