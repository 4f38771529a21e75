using System.Net;
using System.Net.Http.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Tests;

public sealed class InfoTests
{
    [Fact]
    public async Task It_says_who_it_is()
    {
        using var agent = RunningAgent.Start("--workdir", "/usr");
        var info = await agent.Http.Client.GetFromJsonAsync(EnvdRoutes.Info, EnvdJson.Default.AgentInfo);
        Assert.Matches(@"^\d+\.\d+\.\d+$", info!.Version);
        Assert.Equal((Environment.UserName, "/usr"), (info.User, info.WorkingDirectory));
        Assert.Equal((await agent.Http.RunAsync("id -u; id -g; echo $HOME")).Stdout, $"{info.Uid}\n{info.Gid}\n{info.Home}\n");
    }

    [Fact]
    public async Task Home_is_what_the_image_says_else_what_the_system_knows()
    {
        using var agent = new RunningAgent();
        Assert.Equal(Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home ? home + "\n" : "/root\n", (await agent.Http.RunAsync("echo $HOME")).Stdout);
        var info = await agent.Http.Client.GetFromJsonAsync(EnvdRoutes.Info, EnvdJson.Default.AgentInfo);
        Assert.Equal(info!.Home + "\n", (await agent.Http.RunAsync(AgentHttp.Shell("pwd") with { Process = new() { Cmd = "pwd", Cwd = "~" } })).Stdout);
    }

    [Fact]
    public async Task Init_sets_variables_and_the_folder_for_all_that_start_later()
    {
        using var agent = new RunningAgent();
        Assert.Equal(HttpStatusCode.NoContent, await InitAsync(agent, new InitRequest { EnvVars = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" }, DefaultWorkdir = "/usr/bin" }));
        Assert.Equal(HttpStatusCode.NoContent, await InitAsync(agent, new InitRequest { EnvVars = new Dictionary<string, string> { ["B"] = "3" } }));
        Assert.Equal("1 3 /usr/bin\n", (await agent.Http.RunAsync("echo $A $B $PWD")).Stdout);

        var variables = await agent.Http.Client.GetFromJsonAsync(EnvdRoutes.Envs, EnvdJson.Default.DictionaryStringString);
        Assert.Equal(("1", "3", "yes"), (variables!["A"], variables["B"], variables["FROM_THE_IMAGE"]));
    }

    [Fact]
    public async Task Init_may_be_empty_and_may_not_be_wrong()
    {
        using var agent = new RunningAgent();
        using var empty = await agent.Http.Client.PostAsync(new Uri(EnvdRoutes.Init, UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NoContent, empty.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await InitAsync(agent, new InitRequest { DefaultUser = Environment.UserName }));
        Assert.Equal(HttpStatusCode.BadRequest, await InitAsync(agent, new InitRequest { DefaultUser = "somebody-else" }));
        Assert.Equal(HttpStatusCode.BadRequest, await InitAsync(agent, new InitRequest { DefaultWorkdir = "/no/such/folder" }));
        Assert.Equal(HttpStatusCode.BadRequest, await InitAsync(agent, new InitRequest { EnvVars = new Dictionary<string, string> { ["A=B"] = "" } }));
    }

    [Fact]
    public async Task The_agent_has_one_user()
    {
        using var agent = new RunningAgent();
        Assert.Equal(HttpStatusCode.OK, await StartAsAsync(Environment.UserName));
        Assert.Contains("unauthenticated", await (await StartRequestAsync("somebody-else")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task<HttpStatusCode> StartAsAsync(string user)
        {
            using var response = await StartRequestAsync(user);
            Assert.Contains("exit status 0", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            return response.StatusCode;
        }

        async Task<HttpResponseMessage> StartRequestAsync(string user)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, EnvdRoutes.Process + "Start")
            {
                Content = AgentHttp.Content(AgentHttp.Envelope(0, "{\"process\":{\"cmd\":\"true\"}}"u8), EnvdProtocol.StreamContentType),
            };
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(user + ":")));
            return await agent.Http.Client.SendAsync(request);
        }
    }

    private static async Task<HttpStatusCode> InitAsync(RunningAgent agent, InitRequest request)
    {
        using var response = await agent.Http.Client.PostAsJsonAsync(EnvdRoutes.Init, request, EnvdJson.Default.InitRequest);
        return response.StatusCode;
    }
}
