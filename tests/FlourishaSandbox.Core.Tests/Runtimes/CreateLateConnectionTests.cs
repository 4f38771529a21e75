using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>The connection is lost when a step of making a sandbox has been done.</summary>
[Trait("Category", Engine.Category)]
public sealed class CreateLateConnectionTests
{
    [Theory]
    [MemberData(nameof(CreateFailure.Steps), MemberType = typeof(CreateFailure))]
    public async Task The_connection_is_lost_after_the_engine_has_done_it(string step) =>
        await CreateFailure.ExpectAsync(step, (request, _) => request.CutAfterwardsAsync(), SandboxError.EngineUnreachable);
}
