using System.Globalization;
using System.Management.Automation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>Lets a span be given as seconds or as text such as 1h30m. PowerShell itself would take a number for ticks of 100 ns.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Values.Unwrap(inputData);
        return value switch
        {
            TimeSpan span => span,
            string text when Duration.TryParse(text, out var span) => span,
            // PowerShell reads 2d, unquoted, as the decimal number 2, and nobody who writes that means two seconds.
            decimal => throw new ArgumentTransformationMetadataException($"'{value}' was written as a decimal number, as PowerShell reads '{value}d'. Put days into quotes, '{value}d', and give seconds without a letter."),
            int or long or double or float or short or byte or uint or ulong when Duration.TryFromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture), out var span) => span,
            _ => throw new ArgumentTransformationMetadataException($"'{value}' is no span of time. Give seconds, or text such as 90s, 1h30m, 00:30:00 or unlimited."),
        };
    }
}
