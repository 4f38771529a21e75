using System.CommandLine;
using FlourishaSandbox.Cli.Json;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>Prints what a shell needs to complete our command lines.</summary>
internal sealed class CompletionVerb : Verb
{
    // The parser's own directive does the work; bash must not take ':' and '=' for word breaks only because readline does.
    private const string Bash = """
        _docker_sandbox() {
            local IFS=$'\n'
            COMPREPLY=($(docker-sandbox "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
            COMPREPLY=($(compgen -W "${COMPREPLY[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _docker_sandbox docker-sandbox
        """;

    private readonly Argument<string> _shell = new("SHELL") { Description = "The shell: bash." };

    /// <summary>Creates the verb.</summary>
    public CompletionVerb()
        : base(
            "completion",
            "Prints the script by which a shell completes verbs, options, sandboxes and templates.",
            "source <(docker-sandbox completion bash)",
            "docker-sandbox completion bash > /etc/bash_completion.d/docker-sandbox")
    {
        _shell.AcceptOnlyFromAmong("bash");
        Add(_shell);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var shell = session.Parse.GetRequiredValue(_shell);
        if (session.Json)
            session.WriteDocument(new CompletionDocument(shell, Bash), CliJson.Default.CompletionDocument);
        else
            session.WriteLine(Bash);

        return Task.FromResult(ExitCodes.Success);
    }
}
