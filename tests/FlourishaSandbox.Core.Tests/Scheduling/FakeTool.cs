using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Core.Tests.Scheduling;

/// <summary>What runs no program: a crontab in memory, and whatever else was called.</summary>
internal sealed class FakeTool : ScheduleTool
{
    public string? Crontab { get; set; }

    public string? Failure { get; init; }

    public List<string> Calls { get; } = [];

    public string Written { get; private set; } = "";

    public override Task<(int ExitCode, string Output, string Error)> TryAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        Calls.Add($"{program} {string.Join(' ', arguments)}");
        if (Failure is not null)
            return Task.FromResult((1, "", Failure));

        if (program == "schtasks" && arguments[0] == "/Create")
            Written = File.ReadAllText(arguments[4]);

        if (program != "crontab")
            return Task.FromResult((0, "", ""));

        if (arguments[0] == "-l")
            return Task.FromResult(Crontab is null ? (1, "", "no crontab for me") : (0, Crontab, ""));

        Crontab = arguments[0] == "-r" ? null : input;
        return Task.FromResult((0, "", ""));
    }
}
