using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>Everything that is read or written as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerCreateRequest))]
[JsonSerializable(typeof(ContainerCreated))]
[JsonSerializable(typeof(ContainerUpdateRequest))]
[JsonSerializable(typeof(CommitRequest))]
[JsonSerializable(typeof(IReadOnlyList<ContainerSummary>))]
[JsonSerializable(typeof(ContainerInspection))]
[JsonSerializable(typeof(ContainerStats))]
[JsonSerializable(typeof(ContainerProcesses))]
[JsonSerializable(typeof(ContainerExit))]
[JsonSerializable(typeof(PathStat))]
[JsonSerializable(typeof(IdOnly))]
[JsonSerializable(typeof(ExecCreateRequest))]
[JsonSerializable(typeof(ExecStartRequest))]
[JsonSerializable(typeof(ExecInspection))]
[JsonSerializable(typeof(IReadOnlyList<ImageSummary>))]
[JsonSerializable(typeof(ImageInspection))]
[JsonSerializable(typeof(ProgressLine))]
[JsonSerializable(typeof(NetworkCreateRequest))]
[JsonSerializable(typeof(NetworkCreated))]
[JsonSerializable(typeof(NetworkInspection))]
[JsonSerializable(typeof(IReadOnlyList<NetworkInspection>))]
[JsonSerializable(typeof(NetworkConnectRequest))]
[JsonSerializable(typeof(NetworkDisconnectRequest))]
[JsonSerializable(typeof(VolumeCreateRequest))]
[JsonSerializable(typeof(VolumeInspection))]
[JsonSerializable(typeof(VolumeList))]
[JsonSerializable(typeof(EngineVersion))]
[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(EngineEvent))]
[JsonSerializable(typeof(DockerConfigFile))]
[JsonSerializable(typeof(DockerContextMeta))]
[JsonSerializable(typeof(EngineErrorBody))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<string>>))]
internal sealed partial class DockerJson : JsonSerializerContext;

/// <summary>An answer that consists of an id.</summary>
internal sealed record IdOnly
{
    /// <summary>The id.</summary>
    public string Id { get; init; } = "";
}
