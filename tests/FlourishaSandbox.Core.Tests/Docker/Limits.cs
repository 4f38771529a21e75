namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>A token that ends what hangs, so that a defect fails its test instead of stopping the run.</summary>
internal static class Limits
{
    public static CancellationToken Token => CancellationTokenSource
        .CreateLinkedTokenSource(TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token).Token;
}
