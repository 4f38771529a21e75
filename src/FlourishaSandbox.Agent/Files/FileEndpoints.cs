using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Agent.Files.Content;
using FlourishaSandbox.Agent.Files.Tar;
using FlourishaSandbox.Agent.Files.Watching;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Files;

/// <summary>All that an agent answers about files.</summary>
internal static class FileEndpoints
{
    /// <summary>Adds them.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="user">Whom the agent runs as.</param>
    /// <param name="token">The access token.</param>
    /// <param name="reactor">What waits for the kernel.</param>
    public static void Map(EndpointTable endpoints, AgentUser user, AccessToken token, Reactor reactor)
    {
        endpoints.Map(EnvdRoutes.Files, new FilesEndpoint(user, token).HandleAsync, Access.Own);
        endpoints.Map(EnvdRoutes.Tar, ConnectErrors.Answered(new TarEndpoint(user).HandleAsync));

        var json = EnvdJson.Default;
        var files = new FilesystemService(user);
        Add("Stat", json.StatRequest, json.EntryResponse, files.Stat);
        Add("MakeDir", json.MakeDirRequest, json.EntryResponse, files.MakeDir);
        AddAsync("Move", json.MoveRequest, json.EntryResponse, files.MoveAsync);
        Add("ListDir", json.ListDirRequest, json.ListDirResponse, files.ListDir);
        Add("Remove", json.RemoveRequest, json.EmptyMessage, request => { files.Remove(request); return new EmptyMessage(); });

        var watches = new WatchService(user, new WatchHub(reactor));
        Add("CreateWatcher", json.WatchRequest, json.CreateWatcherResponse, watches.CreateWatcher);
        Add("GetWatcherEvents", json.WatcherRequest, json.GetWatcherEventsResponse, watches.GetWatcherEvents);
        Add("RemoveWatcher", json.WatcherRequest, json.EmptyMessage, request => { watches.RemoveWatcher(request); return new EmptyMessage(); });
        endpoints.Map(EnvdRoutes.Filesystem + "WatchDir", context => ConnectServer.StreamAsync(context, json.WatchRequest, (request, stream, cancellationToken) =>
        {
            RequestUser.Check(context, user);
            return watches.WatchDirAsync(request, stream, cancellationToken);
        }));

        void Add<TRequest, TResponse>(string method, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, Func<TRequest, TResponse> answer) =>
            AddAsync(method, requestType, responseType, (request, _) => ValueTask.FromResult(answer(request)));

        void AddAsync<TRequest, TResponse>(string method, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, Func<TRequest, CancellationToken, ValueTask<TResponse>> answer) =>
            endpoints.Map(EnvdRoutes.Filesystem + method, context => ConnectServer.UnaryAsync(context, requestType, responseType, (request, cancellationToken) =>
            {
                RequestUser.Check(context, user);
                return answer(request, cancellationToken);
            }));
    }
}
