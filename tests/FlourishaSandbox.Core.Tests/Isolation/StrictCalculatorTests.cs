using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Isolation;

/// <summary>The demo's calculator in strict sandboxes: tested where there is no way out, and on an open network only where it must be reached.</summary>
[Trait("Category", Engine.Category)]
public sealed class StrictCalculatorTests
{
    private static string App => Path.Combine(Repository.Root, "docs", "examples", "calculator", "app");

    [Fact]
    public async Task Its_tests_pass_and_it_answers_without_a_way_out()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await StartAsync(house, NetworkPolicy.Internal);
        await house.ShellAsync(sandbox, "cd app && python3 -m pytest -q -p no:cacheprovider");
        Assert.Contains("\"result\":8", await CalculateAsync(house, sandbox), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_reached_from_here_on_an_open_network()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await StartAsync(house, NetworkPolicy.Isolated);
        var address = await house.Manager.Hosts.WaitAsync(house.Manager.Hosts.GetAddress(sandbox, 8000), "/health", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token);
        using var http = new HttpClient();
        using var expression = new StringContent("""{"expression":"10*6"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(address.Url, "api/calculate"), expression, Limits.Token);
        Assert.Contains("60", await answer.Content.ReadAsStringAsync(Limits.Token), StringComparison.Ordinal);
        Assert.Contains("<title>Calculator</title>", await http.GetStringAsync(address.Url, Limits.Token), StringComparison.Ordinal);
    }

    private static async Task<Sandbox> StartAsync(SandboxHouse house, NetworkPolicy network)
    {
        await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get("fullstack"), OperationObserver.None, TestContext.Current.CancellationToken);
        var sandbox = await house.CreateAsync(options => options with { Image = null, Template = "fullstack", Isolation = IsolationLevel.Strict, Network = network });
        await house.Manager.Files.UploadAsync(sandbox, [App], "/workspace/", OperationObserver.None, Limits.Token);
        var server = new CommandRequest { Command = "uvicorn main:app --host 0.0.0.0 --port 8000", WorkingDirectory = "/workspace/app" };
        await house.Manager.StartAsync(sandbox, server, OperationObserver.None, Limits.Token);
        return sandbox;
    }

    private static async Task<string> CalculateAsync(SandboxHouse house, Sandbox sandbox)
    {
        await house.ShellAsync(sandbox, "for i in $(seq 100); do curl -sf http://localhost:8000/health && break; sleep 0.2; done");
        return await house.ShellAsync(sandbox, """curl -s http://localhost:8000/api/calculate -H 'Content-Type: application/json' -d '{"expression":"5+3"}'""");
    }
}
