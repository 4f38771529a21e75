using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>Sandboxes that were weakened on purpose, past everything that New-Sandbox would allow.</summary>
internal static class WeakSandbox
{
    /// <summary>Makes a sandbox, and another container in its place that is the same but for <paramref name="weaken"/>: labels, agent and all.</summary>
    /// <param name="house">Whose it is.</param>
    /// <param name="weaken">What is taken away from it.</param>
    /// <param name="change">What the sandbox is made from.</param>
    public static async Task<Sandbox> MakeAsync(SandboxHouse house, Func<ContainerCreateRequest, ContainerCreateRequest> weaken, Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var whole = await house.CreateAsync(change);
        var container = await house.InspectAsync(whole);
        await house.Manager.RemoveAsync(whole, OperationObserver.None, Limits.Token);
        var request = weaken(new ContainerCreateRequest
        {
            Image = container.Config.Image!,
            Hostname = container.Config.Hostname,
            User = container.Config.User,
            WorkingDir = container.Config.WorkingDir,
            Env = [.. container.Config.Env],
            Labels = new(container.Config.Labels),
            Entrypoint = [.. container.Config.Entrypoint!],
            Cmd = [.. container.Config.Cmd!],
            HostConfig = container.HostConfig,
        });
        var created = await house.Client.Containers.CreateAsync(request, whole.Name, Limits.Token);
        await house.Client.Containers.StartAsync(created.Id, Limits.Token);
        var weak = await house.Manager.GetAsync(new SandboxReference(created.Id), Limits.Token);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                await house.ShellAsync(weak, "true");
                return weak;
            }
            catch (SandboxException e) when (e.Error == SandboxError.AgentUnavailable)
            {
                await Task.Delay(50, Limits.Token); // its agent is only coming up
            }
        }

        throw new InvalidOperationException("The weakened sandbox never answered.");
    }

    public static ContainerCreateRequest With(this ContainerCreateRequest request, Func<HostConfig, HostConfig> change) => request with { HostConfig = change(request.HostConfig!) };
}
