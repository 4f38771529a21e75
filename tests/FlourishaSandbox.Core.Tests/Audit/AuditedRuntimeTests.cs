using System.Collections;
using System.Reflection;
using System.Text.Json;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Audit;

/// <summary>That whatever a runtime can do is written down, by whatever part of it, unless it only looks.</summary>
public sealed class AuditedRuntimeTests : IDisposable
{
    // What only looks. A new method of a runtime is an action until it is named here.
    private static readonly HashSet<string> s_looking =
    [
        "ISandboxRuntime.ListAsync", "ISandboxRuntime.FindAsync", "ISandboxRuntime.WithDeadlineAsync", "ISandboxRuntime.MeasureAsync", "ISandboxRuntime.DescribeAccessAsync",
        "ISandboxRuntime.StatAsync", "ISandboxRuntime.GetOwnerAsync", "ISandboxRuntime.FindImageAsync", "ISandboxRuntime.ListImagesAsync", "ISandboxRuntime.WatchEventsAsync",
        "ISandboxProcesses.ListAsync", "ISandboxProcesses.ReceiveAsync",
        "ISandboxPool.GetKeyAsync", "ISandboxPool.ListAsync", "ISandboxPool.TryRenewAsync", "ISandboxPool.ForgetClaimsAsync", "ISandboxPool.WatchAsync",
        "ISandboxLifecycle.SpecifyAsync", "ISandboxLifecycle.ListCheckpointsAsync", "ISandboxRemains.ListAsync", "ISandboxRemains.ConfirmAsync",
        "ISandboxNetworks.FindAddress", "ISandboxNetworks.EnsureStartedAsync", "ISandboxNetworks.ListStaleAsync", "ISandboxIsolation.SurveyAsync",
        "ISandboxFirewall.PlanAsync", "ISandboxFirewall.ReadAsync", "ISandboxFirewall.IsInstalledAsync",
        "ISandboxPorts.ListAsync", "ISandboxItems.FindAsync", "ISandboxItems.ListAsync", "ISandboxItems.WatchAsync",
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Methods
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var type in Parts())
            {
                foreach (var method in type.GetMethods().Where(method => !method.IsSpecialName && !s_looking.Contains($"{type.Name}.{method.Name}")))
                    data.Add(type.Name, method.ToString()!);
            }

            return data;
        }
    }

    private string Log => System.IO.Path.Combine(_folder.Path, "audit.jsonl");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_action_has_two_lines(string part, string signature)
    {
        var runtime = new AuditedRuntime(Stub.Of<ISandboxRuntime>(), new AuditRecorder(new AuditSettings { Path = Log }, "me", "fake://engine"));
        var type = Parts().Single(each => each.Name == part);
        var target = type == typeof(ISandboxRuntime) ? runtime : typeof(ISandboxRuntime).GetProperties().Single(property => property.PropertyType == type).GetValue(runtime);
        var method = type.GetMethods().Single(each => each.ToString() == signature);

        await (Task)method.Invoke(target, [.. method.GetParameters().Select(parameter => Stub.Value(parameter.ParameterType))])!;

        var lines = File.ReadAllLines(Log).Select(line => JsonSerializer.Deserialize(line, AuditJson.Default.AuditLine)!).ToList();
        Assert.Equal([AuditLine.Begin, AuditLine.End], lines.Select(line => line.Phase));
        Assert.Equal(lines[0].Id, lines[1].Id);
        Assert.Equal(SandboxEventResult.Succeeded, lines[1].Result);
        Assert.Equal(("me", Environment.UserName, Environment.MachineName, Environment.ProcessId), (lines[0].Owner, lines[0].User, lines[0].Machine, lines[0].Process));
    }

    [Fact]
    public void Looking_leaves_no_line_and_every_part_is_audited()
    {
        Assert.All(s_looking, name => Assert.Contains(Parts(), part => part.GetMethods().Any(method => $"{part.Name}.{method.Name}" == name)));

        var runtime = new AuditedRuntime(Stub.Of<ISandboxRuntime>(), new AuditRecorder(new AuditSettings { Path = Log }, "me", "fake://engine"));
        Assert.All(typeof(ISandboxRuntime).GetProperties().Where(property => property.PropertyType.IsInterface), property =>
            Assert.Equal(typeof(AuditedRuntime).Assembly, property.GetValue(runtime)!.GetType().Assembly));
    }

    // The runtime and what it consists of.
    private static IEnumerable<Type> Parts() =>
        [typeof(ISandboxRuntime), .. typeof(ISandboxRuntime).GetProperties().Select(property => property.PropertyType).Where(type => type.IsInterface)];

    /// <summary>Does nothing, and gives what there is of each type.</summary>
#pragma warning disable CA1852 // a proxy is a subtype that is made at run time
    internal class Stub : DispatchProxy
#pragma warning restore CA1852
    {
        public static T Of<T>()
            where T : class => Create<T, Stub>();

        public static object? Value(Type type)
        {
            if (type == typeof(string))
                return "/text";

            if (type == typeof(Sandbox))
                return TestData.Sandbox("t1");

            if (type == typeof(OperationObserver))
                return OperationObserver.None;

            if (type.IsInterface && type.Namespace!.StartsWith("FlourishaSandbox", StringComparison.Ordinal))
                return typeof(Stub).GetMethod(nameof(Of))!.MakeGenericMethod(type).Invoke(null, null);

            if (type.IsArray)
                return Array.CreateInstance(type.GetElementType()!, 0);

            if (type.IsInterface && type.IsAssignableTo(typeof(IEnumerable)) && type.IsGenericType && type.GetGenericArguments() is [var element])
                return Array.CreateInstance(element, 0);

            if (type.IsValueType)
                return Activator.CreateInstance(type);

            // Records and the like, whose required members this leaves empty: what is written down has to cope.
            return type.IsAssignableTo(typeof(Delegate)) || type.IsAbstract ? null : Filled(type);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var type = targetMethod!.ReturnType;
            if (type == typeof(Task))
                return Task.CompletedTask;

            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
                return typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [Value(type.GetGenericArguments()[0])]);

            return type == typeof(void) ? null : Value(type);
        }

        private static object Filled(Type type)
        {
            if (type == typeof(FlourishaSandbox.Processes.ProcessReference))
                return new FlourishaSandbox.Processes.ProcessReference("1");

            var made = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
            foreach (var property in type.GetProperties().Where(property => property.CanWrite && property.PropertyType != type))
                property.SetValue(made, property.PropertyType.IsGenericType && property.PropertyType.Name.StartsWith("IReadOnlyDictionary", StringComparison.Ordinal) ? new Dictionary<string, string>() : Value(property.PropertyType));

            return made;
        }
    }
}
