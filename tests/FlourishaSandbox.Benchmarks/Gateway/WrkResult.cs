using System.Globalization;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Benchmarks.Gateway;

/// <summary>What wrk measured.</summary>
/// <param name="RequestsPerSecond">How many requests were answered in a second.</param>
/// <param name="MedianMicroseconds">How long half of them took at most.</param>
internal sealed partial record WrkResult(double RequestsPerSecond, double MedianMicroseconds)
{
    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>How long each request took, all connections together.</summary>
    public double MicrosecondsPerRequest => MicrosecondsPerSecond / RequestsPerSecond;

    /// <summary>Reads what wrk wrote.</summary>
    /// <exception cref="InvalidOperationException">Something was not answered, or not with a 2xx.</exception>
    public static WrkResult Parse(string text)
    {
        if (Errors().Match(text) is { Success: true } errors)
            throw new InvalidOperationException($"Not all went well: {errors.Value.Trim()}");

        var (rate, median) = (Rate().Match(text), Median().Match(text));
        if (!rate.Success || !median.Success)
            throw new InvalidOperationException($"wrk wrote something else than expected: {text}");

        var scale = median.Groups[2].Value switch { "us" => 1, "ms" => 1e3, _ => MicrosecondsPerSecond };
        return new WrkResult(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), scale * double.Parse(median.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(Socket errors|Non-2xx or 3xx responses):.*")]
    private static partial Regex Errors();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)\b")]
    private static partial Regex Median();
}
