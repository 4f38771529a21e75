using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Runtimes;

/// <summary>The connection is lost while a sandbox is made.</summary>
[Trait("Category", Engine.Category)]
public sealed class CreateConnectionTests
{
    [Theory]
    [MemberData(nameof(CreateFailure.Steps), MemberType = typeof(CreateFailure))]
    public async Task The_connection_is_lost_before_the_engine_hears_of_it(string step) =>
        await CreateFailure.ExpectAsync(step, (request, _) => request.CutAsync(), SandboxError.EngineUnreachable);

    [Theory]
    [MemberData(nameof(CreateFailure.Steps), MemberType = typeof(CreateFailure))]
    public async Task The_connection_is_lost_while_the_engine_is_at_it(string step) =>
        await CreateFailure.ExpectAsync(step, (request, _) => request.CutMeanwhileAsync(), SandboxError.EngineUnreachable);
}
