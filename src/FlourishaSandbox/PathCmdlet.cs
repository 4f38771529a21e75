using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>A cmdlet on files and folders in sandboxes. A path names its sandbox itself, as NAME:PATH, or the sandboxes are given beside it.</summary>
public abstract class PathCmdlet : FanOutCmdlet
{
    /// <summary>Does something to each path in each sandbox. A path without a sandbox costs one error, and the others go on.</summary>
    private protected void ForEachPath(IEnumerable<string> paths, SandboxReference[] sandboxes, Action<Sandbox, string> action)
    {
        foreach (var path in paths)
        {
            if (sandboxes.Length > 0)
                ForEachSandbox(sandboxes, path, action);
            else if (SandboxPath.TryParse(path, out var name, out var inside))
                ForEachSandbox([new SandboxReference(name)], inside, action);
            else
                WriteError(new SandboxException(SandboxError.InvalidOption, $"The path '{path}' names no sandbox.", path, "Write NAME:PATH, for example t1:/workspace, or give a sandbox with -Sandbox or by the pipeline.").ToErrorRecord());
        }
    }

    /// <summary>The paths that one with wildcards in its last component means in a sandbox; any other means itself.</summary>
    private protected IReadOnlyList<string> Expand(Sandbox sandbox, string path)
    {
        if (!SandboxPath.HasWildcard(path))
            return [path];

        return TryAwait(token => Manager.Files.ListAsync(sandbox, path, recurse: false, token), out var items) ? [.. items.Select(item => item.Path)] : [];
    }

    private void ForEachSandbox(SandboxReference[] sandboxes, string path, Action<Sandbox, string> action)
    {
        foreach (var sandbox in Resolve(sandboxes))
            action(sandbox, path);
    }
}
