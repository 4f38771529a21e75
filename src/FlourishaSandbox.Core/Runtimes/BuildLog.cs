using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Runtimes;

/// <summary>Follows what the engine's builder writes: which step it is at, and the last lines of that step.</summary>
/// <param name="tailLines">How many lines of the current step are kept.</param>
internal sealed partial class BuildLog(int tailLines)
{
    // A line without an end is no line; output is the build's own, and may be anything.
    private const int LongestLine = 2000;

    private readonly StringBuilder _line = new();
    private readonly Queue<string> _tail = new();

    /// <summary>The step as the builder names it, for example <c>Step 3/9 : RUN make</c>; null before the first.</summary>
    public string? Current { get; private set; }

    /// <summary>The number of the current step, from 1; null before the first.</summary>
    public long? Step { get; private set; }

    /// <summary>The number of steps; null before the first.</summary>
    public long? Steps { get; private set; }

    /// <summary>The last lines of the current step's output.</summary>
    public string Tail => string.Join(Environment.NewLine, _tail);

    /// <summary>Whether a line is one by which the builder begins a step.</summary>
    public static bool IsStep(string line) => StepLine().IsMatch(line);

    /// <summary>Takes a piece of the builder's text and gives the lines that it completes.</summary>
    public IReadOnlyList<string> Push(string text)
    {
        var lines = new List<string>();
        foreach (var character in text)
        {
            var isEnd = character is '\n' or '\r';
            if (!isEnd)
                _line.Append(character);

            if (_line.Length == 0 || (!isEnd && _line.Length < LongestLine))
                continue;

            // The builder colours what a step writes to standard error, and what a step writes may be anything: neither is for a message.
            var line = Controls().Replace(_line.ToString(), "");
            _line.Clear();
            if (line.Length > 0)
                lines.Add(Take(line));
        }

        return lines;
    }

    private string Take(string line)
    {
        var match = StepLine().Match(line);
        if (match.Success)
        {
            Current = line;
            Step = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            Steps = long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            _tail.Clear();
            return line;
        }

        _tail.Enqueue(line);
        if (_tail.Count > tailLines)
            _tail.Dequeue();

        return line;
    }

    [GeneratedRegex(@"\AStep ([0-9]{1,9})/([0-9]{1,9}) : ")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"\e\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0B-\x1F\x7F]")]
    private static partial Regex Controls();
}
