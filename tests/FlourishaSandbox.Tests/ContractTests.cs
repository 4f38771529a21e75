using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Holds the manifest, the views and the cmdlet classes together, and the classes to the project's rules.</summary>
public sealed class ContractTests
{
    private static readonly string[] ReadOnlyVerbs = ["Get", "Invoke", "Enter", "Wait", "Receive", "Test", "Watch", "Measure"]; // what a command changes inside a sandbox is its own business
    private static readonly string Root = FindRoot();
    private static readonly string Manifest = File.ReadAllText(Path.Combine(Root, "module", "FlourishaSandbox.psd1"));

    public static TheoryData<string> Cmdlets => [.. Classes().Select(type => type.FullName!)];

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets() =>
        Assert.Equal(Classes().Select(NameOf).Order(StringComparer.Ordinal), Exported("CmdletsToExport").Order(StringComparer.Ordinal));

    [Fact]
    public void The_manifest_exports_exactly_the_aliases() =>
        Assert.Equal(Classes().SelectMany(type => type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Order(StringComparer.Ordinal), Exported("AliasesToExport").Order(StringComparer.Ordinal));

    [Fact]
    public void The_manifest_exports_no_functions_and_no_variables()
    {
        Assert.Empty(Exported("FunctionsToExport"));
        Assert.Empty(Exported("VariablesToExport"));
    }

    [Fact]
    public void Every_file_that_the_manifest_names_is_there()
    {
        var files = Exported("FormatsToProcess").Concat(Exported("TypesToProcess")).ToList();

        Assert.Equal(2, files.Count);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Root, "module", file)), file));
        Assert.Contains("RootModule           = 'FlourishaSandbox.dll'", Manifest, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_is_a_sealed_class_in_a_file_of_its_name(string name)
    {
        var type = Find(name);
        var cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;

        Assert.True(type.IsSealed);
        Assert.Equal($"{cmdlet.VerbName}{cmdlet.NounName}Command", type.Name);
        Assert.True(File.Exists(Path.Combine(Root, "src", "FlourishaSandbox", "Cmdlets", type.Name + ".cs")));
        Assert.False(IsPlural(cmdlet.NounName), "A noun is singular.");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_says_what_it_gives_and_has_a_view_for_it(string name)
    {
        var given = Find(name).GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type).ToList();

        Assert.NotEmpty(given);

        // Text, bytes and the like are shown by PowerShell itself.
        Assert.All(given.Where(type => type.Type.Assembly != typeof(object).Assembly), type =>
        {
            var controls = Views().Where(view => view.Types.Contains(type.Name)).Select(view => view.Control).ToList();
            Assert.Equal(["ListControl", "TableControl"], controls.Order(StringComparer.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_changes_something_asks_first(string name)
    {
        var cmdlet = Find(name).GetCustomAttribute<CmdletAttribute>()!;

        // A test that is told to replace what it compares with does more than look.
        var isReadOnly = ReadOnlyVerbs.Contains(cmdlet.VerbName) && Find(name).GetProperty("UpdateBaseline") is null;
        Assert.Equal(!isReadOnly, cmdlet.SupportsShouldProcess);
        if (cmdlet.VerbName == "Remove")
            Assert.Equal(cmdlet.NounName is "Sandbox" or "SandboxCheckpoint" ? ConfirmImpact.High : ConfirmImpact.Medium, cmdlet.ConfirmImpact);

        // A copy of a sandbox is a sandbox to be worked with, as a new one is.
        if (Find(name) != typeof(Cmdlets.CopySandboxCommand) && cmdlet.VerbName is ("Remove" or "Copy" or "Move" or "Set" or "Stop" or "Suspend" or "Resume"))
            Assert.Equal(typeof(SwitchParameter), Find(name).GetProperty("PassThru")?.PropertyType);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_has_a_help_message_and_a_singular_name(string name)
    {
        Assert.All(Parameters(Find(name)), parameter =>
        {
            Assert.All(parameter.Attributes, attribute => Assert.False(string.IsNullOrWhiteSpace(attribute.HelpMessage), parameter.Property.Name));
            Assert.False(IsPlural(parameter.Property.Name), parameter.Property.Name);
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameter_sets_can_be_told_apart(string name)
    {
        var type = Find(name);
        var sets = Parameters(type).SelectMany(parameter => parameter.Attributes).Select(attribute => attribute.ParameterSetName).Where(set => set != ParameterAttribute.AllParameterSets).Distinct().ToList();
        var named = type.GetCustomAttribute<CmdletAttribute>()!.DefaultParameterSetName;

        if (sets.Count == 0)
            Assert.Null(named);
        else
            Assert.Contains(named, sets);

        foreach (var set in sets.DefaultIfEmpty(ParameterAttribute.AllParameterSets))
        {
            var inSet = Parameters(type).SelectMany(parameter => parameter.Attributes.Where(attribute => attribute.ParameterSetName == set || attribute.ParameterSetName == ParameterAttribute.AllParameterSets)).ToList();
            Assert.True(inSet.Count(attribute => attribute.ValueFromPipeline) <= 1, $"Set {set} takes two parameters from the pipeline.");
            var positions = inSet.Select(attribute => attribute.Position).Where(position => position != int.MinValue).ToList();
            Assert.Equal(Enumerable.Range(0, positions.Count), positions.Order());
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_sandbox_is_taken_as_a_reference_and_completed(string name)
    {
        var sandbox = Find(name).GetProperty("Sandbox");
        if (sandbox is null)
            return;

        // A terminal can be in one sandbox only, and a name can be one sandbox's only.
        var isOne = Find(name) == typeof(Cmdlets.EnterSandboxCommand) || Find(name) == typeof(Cmdlets.CheckpointSandboxCommand);
        Assert.Equal(isOne ? typeof(SandboxReference) : typeof(SandboxReference[]), sandbox.PropertyType);
        Assert.Equal(typeof(Completers.SandboxCompleter), sandbox.GetCustomAttribute<ArgumentCompleterAttribute>()?.Type);
        Assert.Equal(isOne, sandbox.GetCustomAttribute<SupportsWildcardsAttribute>() is null);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_process_is_taken_as_a_reference_and_completed(string name)
    {
        var process = Find(name).GetProperty("Process");
        if (process is null || process.PropertyType == typeof(Processes.SandboxProcess[]))
            return;

        Assert.Equal(typeof(Processes.ProcessReference[]), process.PropertyType);
        Assert.Equal(typeof(Completers.ProcessCompleter), process.GetCustomAttribute<ArgumentCompleterAttribute>()?.Type);
    }

    [Fact]
    public void Every_view_is_of_a_type_that_exists_and_of_properties_that_it_has()
    {
        var assemblies = new[] { typeof(Sandbox).Assembly, typeof(SandboxSession).Assembly, typeof(FlourishaSandbox.Browser.PageScreenshot).Assembly };
        Assert.All(Views(), view =>
        {
            var type = Assert.Single(view.Types.Select(name => assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is not null)));
            Assert.NotNull(type);
            Assert.All(view.Properties, property => Assert.NotNull(type.GetProperty(property)));
        });
    }

    [Fact]
    public void Every_function_that_a_view_calls_exists()
    {
        var called = Regex.Matches(File.ReadAllText(Path.Combine(Root, "module", "FlourishaSandbox.Format.ps1xml")), @"\[FlourishaSandbox\.Display\]::(\w+)").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(called);
        Assert.All(called, name => Assert.NotNull(typeof(Display).GetMethod(name)));
    }

    private static IEnumerable<Type> Classes() => typeof(SandboxSession).Assembly.GetExportedTypes().Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null);

    private static bool IsPlural(string name) => name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal);

    private static Type Find(string name) => typeof(SandboxSession).Assembly.GetType(name, throwOnError: true)!;

    private static string NameOf(Type type) => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : "";

    private static List<(PropertyInfo Property, List<ParameterAttribute> Attributes)> Parameters(Type type) =>
        [.. type.GetProperties().Select(property => (property, property.GetCustomAttributes<ParameterAttribute>().ToList())).Where(parameter => parameter.Item2.Count > 0)];

    private static List<string> Exported(string key)
    {
        var list = Regex.Match(Manifest, $@"{key}\s*=\s*@\((?<items>[^)]*)\)");
        Assert.True(list.Success, key);
        return [.. Regex.Matches(list.Groups["items"].Value, "'([^']+)'").Select(match => match.Groups[1].Value)];
    }

    private static List<(List<string> Types, string Control, List<string> Properties)> Views() =>
    [
        .. XDocument.Load(Path.Combine(Root, "module", "FlourishaSandbox.Format.ps1xml")).Descendants("View").Select(view => (
            view.Element("ViewSelectedBy")!.Elements("TypeName").Select(type => type.Value).ToList(),
            view.Elements().Single(element => element.Name.LocalName.EndsWith("Control", StringComparison.Ordinal)).Name.LocalName,
            view.Descendants("PropertyName").Select(property => property.Value).ToList())),
    ];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FlourishaSandbox.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");

        return folder;
    }
}
