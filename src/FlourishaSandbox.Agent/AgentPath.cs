using System.Text;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent;

/// <summary>
/// What a client may write for a path. Links are followed as the kernel follows them: the agent is the sandbox's user, and can reach
/// nothing that this user's own commands cannot.
/// </summary>
internal static class AgentPath
{
    /// <summary>Makes a path absolute, as E2B's protocol has it: relative ones, <c>~</c> and <c>~/…</c> start in the user's home.</summary>
    /// <param name="path">What the client wrote.</param>
    /// <param name="user">Whose home.</param>
    /// <returns>An absolute path without empty components and <c>.</c>; no slash at its end, but for <c>/</c> itself.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: it is no path that is taken.</exception>
    public static string Resolve(string path, AgentUser user)
    {
        Check(path);
        var full = path switch
        {
            "" or "~" => user.Home,
            ['~', '/', ..] => $"{user.Home}/{path[2..]}",
            ['/', ..] => path,
            _ => $"{user.Home}/{path}",
        };
        var absolute = "/" + string.Join('/', full.Split('/').Where(component => component is not ("" or ".")));
        return Encoding.UTF8.GetByteCount(absolute) <= EnvdProtocol.MaximumPath ? absolute : throw TooLong();
    }

    /// <summary>Refuses what can be no path, or leads up.</summary>
    /// <param name="path">What the client wrote.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: it is no path that is taken.</exception>
    public static void Check(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ConnectException(ConnectCode.InvalidArgument, "a path has a NUL");

        if (HasLoneSurrogate(path))
            throw new ConnectException(ConnectCode.InvalidArgument, "a path is not valid UTF-8");

        if (Encoding.UTF8.GetByteCount(path) > EnvdProtocol.MaximumPath)
            throw TooLong();

        if (path.Split('/').Contains(".."))
            throw new ConnectException(ConnectCode.InvalidArgument, $"the path '{path}' has a '..'");
    }

    private static ConnectException TooLong() => new(ConnectCode.InvalidArgument, $"a path is longer than {EnvdProtocol.MaximumPath} bytes");

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;

            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;

            i++;
        }

        return false;
    }
}
