using System.Text.Json.Serialization;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Envd;

/// <summary>All messages as JSON, the way Protocol Buffers write it. Unknown members are passed over: the other side may be newer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConnectError))]
[JsonSerializable(typeof(EndStream))]
[JsonSerializable(typeof(HttpError))]
[JsonSerializable(typeof(ListRequest))]
[JsonSerializable(typeof(ListResponse))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(ConnectRequest))]
[JsonSerializable(typeof(ProcessEventResponse))]
[JsonSerializable(typeof(UpdateRequest))]
[JsonSerializable(typeof(SendInputRequest))]
[JsonSerializable(typeof(StreamInputRequest))]
[JsonSerializable(typeof(SendSignalRequest))]
[JsonSerializable(typeof(CloseStdinRequest))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(StopResponse))]
[JsonSerializable(typeof(EmptyMessage))]
[JsonSerializable(typeof(StatRequest))]
[JsonSerializable(typeof(MakeDirRequest))]
[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(EntryResponse))]
[JsonSerializable(typeof(ListDirRequest))]
[JsonSerializable(typeof(ListDirResponse))]
[JsonSerializable(typeof(WatchRequest))]
[JsonSerializable(typeof(WatchDirResponse))]
[JsonSerializable(typeof(CreateWatcherResponse))]
[JsonSerializable(typeof(WatcherRequest))]
[JsonSerializable(typeof(GetWatcherEventsResponse))]
[JsonSerializable(typeof(InitRequest))]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(Deadline))]
[JsonSerializable(typeof(DeadlineRequest))]
[JsonSerializable(typeof(ResumeRequest))]
[JsonSerializable(typeof(EndRequest))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimState))]
[JsonSerializable(typeof(PortState))]
[JsonSerializable(typeof(PortList))]
[JsonSerializable(typeof(TarReceipt))]
[JsonSerializable(typeof(AgentMetrics))]
[JsonSerializable(typeof(IReadOnlyList<WrittenFile>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class EnvdJson : JsonSerializerContext;
