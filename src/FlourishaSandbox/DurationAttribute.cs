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
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan span => span,
            string text when Duration.TryParse(text, out var span) => span,
            int or long or double or float or decimal when Duration.TryFromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture), out var span) => span,
            _ => throw new ArgumentTransformationMetadataException($"'{value}' is no span of time. Give seconds, or text such as 90s, 1h30m, 00:30:00 or unlimited."),
        };
    }
}
