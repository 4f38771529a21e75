using System.Security.Cryptography;

namespace FlourishaSandbox.Core.Tests.Files;

/// <summary>What a folder holds, so that two moments or two folders can be compared: type, mode, content, link target, time.</summary>
internal static class TreeSnapshot
{
    public static SortedDictionary<string, string> Of(string folder, bool withTimes = true, bool withFolderTimes = false)
    {
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
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
}
