using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Tests.Examples;

/// <summary>The suites beside the examples, as they are read; that their apps pass them is shown where there is an engine.</summary>
public sealed class ExampleSuitesTests
{
    private static string Folder { get; } = FindFolder();

    public static TheoryData<string> Examples => [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Where(name => File.Exists(SuiteOf(name)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_has_a_suite_of_all_kinds(string example)
    {
        var suite = AppTestSuite.Read(SuiteOf(example));
        Assert.Equal(suite.CheckNames.Count, suite.CheckNames.Distinct().Count());
        Assert.Superset(new HashSet<AppTestKind> { AppTestKind.Command, AppTestKind.Api, AppTestKind.Story, AppTestKind.Accessibility }, suite.Content.Checks.Select(check => check.Kind).ToHashSet());
    }

    [Fact]
    public void Both_examples_have_one() => Assert.Equal(["calculator", "todo"], Examples.Select(row => row.Data).Order());

    [Fact]
    public void The_story_during_which_the_todo_app_is_changed_can_be_read() => Assert.Single(AppTestSuite.Read(Path.Combine(Folder, "todo", "hot-reload.yaml")).Content.Checks);

    private static string SuiteOf(string example) => Path.Combine(Folder, example, "sandbox-tests.yaml");

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FlourishaSandbox.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException($"There is no FlourishaSandbox.sln above {AppContext.BaseDirectory}."), "docs", "examples");
    }
}
