using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Makes checks that are a command.</summary>
/// <param name="manager">Runs it.</param>
/// <param name="sandbox">The sandbox.</param>
/// <param name="variables">The suite's variables.</param>
internal sealed class CommandRunner(SandboxManager manager, Sandbox sandbox, SuiteVariables variables)
{
    /// <summary>Makes one.</summary>
    /// <param name="check">The check.</param>
    /// <param name="timeout">How long the command may run.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>A task that ends when all is as expected.</returns>
    /// <exception cref="CheckFailedException">Something is not as expected.</exception>
    public async Task RunAsync(CommandCheck check, TimeSpan timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        var request = new CommandRequest
        {
            Command = variables.Expand(check.Command),
            User = check.User is null ? null : variables.Expand(check.User),
            WorkingDirectory = check.WorkingDirectory is null ? null : variables.Expand(check.WorkingDirectory),
            Environment = check.Environment.ToDictionary(pair => pair.Key, pair => variables.Expand(pair.Value)),
            Timeout = timeout,
        };
        var result = await manager.RunAsync(sandbox, request, input: null, observer, cancellationToken).ConfigureAwait(false);
        if (result.TimedOut)
            throw new CheckFailedException($"It did not end within {Pages.StoryPage.Seconds(timeout)}.{Words(result)}");

        if (result.ExitCode != check.ExitCode)
            throw new CheckFailedException($"The exit code is {result.ExitCode}, expected {check.ExitCode}.{Words(result)}");

        Compare("The output", check.Output, result.Output);
        Compare("The error output", check.Error, result.Error);
        Capture(check, result.Output.TrimEnd('\r', '\n'));
    }

    // What a failing command says last is why it fails.
    private static string Words(CommandResult result)
    {
        var text = (result.ErrorBytes.Length > 0 ? result.Error : result.Output).Trim();
        return text.Length == 0 ? " It wrote nothing." : $" It wrote {Excerpt.Quote(text.Length > Excerpt.MaximumLength ? "…" + text[^Excerpt.MaximumLength..] : text)}.";
    }

    private void Compare(string what, ValueMatcher? matcher, string text)
    {
        if (matcher?.Explain(exists: true, JsonValue.Create(text.TrimEnd('\r', '\n').ReplaceLineEndings("\n")), variables) is { } problem)
            throw new CheckFailedException($"{what} {problem}.");
    }

    private void Capture(CommandCheck check, string output)
    {
        if (check.Capture.Count == 0)
            return;

        JsonNode? json = null;
        if (check.Capture.Any(capture => capture.Value is not null))
        {
            try
            {
                json = JsonNode.Parse(output);
            }
            catch (JsonException e)
            {
                throw new CheckFailedException($"The output is no JSON: {Excerpt.Quote(output)}.", e);
            }
        }

        foreach (var (name, location) in check.Capture)
        {
            if (location is null)
                variables.Set(name, JsonValue.Create(output));
            else if (location.TryFind(json, out var value, out var problem))
                variables.Set(name, value);
            else
                throw new CheckFailedException($"There is no {location} in the output to capture: {problem}.");
        }
    }
}
