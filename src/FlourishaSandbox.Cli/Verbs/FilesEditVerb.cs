using System.CommandLine;
using System.Globalization;
using System.Text;
using FlourishaSandbox.Cli.Json;
using FlourishaSandbox.Cli.Parsing;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Replaces text in a file of a sandbox.</summary>
internal sealed class FilesEditVerb : Verb
{
    private readonly Argument<string> _sandbox = CommonOptions.Sandbox();
    private readonly Argument<string> _path = CommonOptions.Path("The file, UTF-8.");
    private readonly Option<string> _old = new("--old") { Description = "The text to replace, exactly; it must be there once. Where it begins with '-', write --old=TEXT.", HelpName = "TEXT", Required = true };
    private readonly Option<string> _new = new("--new") { Description = "The text to put in its place; may be empty.", HelpName = "TEXT", Required = true };
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "Replace it everywhere, however often it is there.");

    /// <summary>Creates the verb.</summary>
    public FilesEditVerb()
        : base(
            "edit",
            "Replaces text in a file of a sandbox. Where the text is missing, or there more than once, nothing is changed.",
            "docker-sandbox files edit $ID main.py --old 'port = 8000' --new 'port = 8080'",
            "docker-sandbox files edit $ID main.py --old colour --new color --all")
    {
        Add(_sandbox);
        Add(_path);
        Add(_old);
        Add(_new);
        Add(_all);
        _old.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is "")
                result.AddError("--old is empty, and that is everywhere. Give the text to replace.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var path = session.Parse.GetRequiredValue(_path);
        var old = session.Parse.GetRequiredValue(_old);
        var sandbox = await session.GetSandboxAsync(_sandbox, cancellationToken);
        var text = FileText.TryDecode(await FileText.ReadAsync(session, sandbox, path, cancellationToken))
            ?? throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' is no UTF-8 text.", path, "Take it out, change it here, and write it again.");

        var count = Count(text, old);
        if (count == 0)
            throw new SandboxException(SandboxError.InvalidOption, $"The text of --old is not in '{path}'.", path, "Look at it with files read: spaces and line ends count too.");

        if (count > 1 && !session.Parse.GetValue(_all))
            throw new SandboxException(SandboxError.InvalidOption, string.Create(CultureInfo.InvariantCulture, $"The text of --old is {count} times in '{path}'."), path, "Give more of the text around it, or --all.");

        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace(old, session.Parse.GetRequiredValue(_new), StringComparison.Ordinal)));
        await session.Manager.Files.WriteAsync(sandbox, path, content, cancellationToken);
        if (session.Json)
            session.WriteDocument(new EditDocument(path, count), CliJson.Default.EditDocument);

        return ExitCodes.Success;
    }

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var i = text.IndexOf(part, StringComparison.Ordinal); i >= 0; i = text.IndexOf(part, i + part.Length, StringComparison.Ordinal))
            count++;

        return count;
    }
}
