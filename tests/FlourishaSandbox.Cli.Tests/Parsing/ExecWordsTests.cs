using FlourishaSandbox.Cli.Parsing;

namespace FlourishaSandbox.Cli.Tests.Parsing;

/// <summary>Whose an option is: ours before exec's command, the command's after it.</summary>
public class ExecWordsTests
{
    [Theory]
    [InlineData("exec|box|ls|-la", "exec|box|--|ls|-la")]
    [InlineData("exec|box|ls|--json|--help", "exec|box|--|ls|--json|--help")]
    [InlineData("--json|exec|box|ls", "--json|exec|box|--|ls")]
    [InlineData("--engine|unix:///x|exec|--cwd|/w|box|-e|A=1|ls|-e", "--engine|unix:///x|exec|--cwd|/w|box|-e|A=1|--|ls|-e")]
    [InlineData("exec|--cwd=/w|-eA=1|--root|box|ls", "exec|--cwd=/w|-eA=1|--root|box|--|ls")]
    [InlineData("exec|--stdin|box|true", "exec|--stdin|box|--|true")]
    [InlineData("exec|box|--|ls|-la", "exec|box|--|ls|-la")]
    [InlineData("exec|box|a|--|b", "exec|box|--|a|--|b")]
    [InlineData("exec|box", "exec|box")]
    [InlineData("exec|box|--help", "exec|box|--help")]
    [InlineData("upload|box|a|-b|c", "upload|box|a|-b|c")]
    public void Everything_from_the_command_on_is_the_commands(string given, string expected) => Assert.Equal(expected, Protect(given));

    [Theory]
    [InlineData("exec|box|run it|--background", "exec|box|--background|--|run it")]
    [InlineData("exec|box|run it|--cwd|/w|--timeout=5|--json", "exec|box|--cwd|/w|--timeout=5|--json|--|run it")]
    public void Behind_a_whole_line_for_the_shell_only_our_options_can_stand(string given, string expected) => Assert.Equal(expected, Protect(given));

    [Theory]
    [InlineData("exec|box|my program|--verbose|x", "exec|box|--|my program|--verbose|x")]
    [InlineData("exec|box|my program|--unknown", "exec|box|--|my program|--unknown")]
    public void But_a_program_with_a_space_in_its_name_keeps_its_arguments(string given, string expected) => Assert.Equal(expected, Protect(given));

    private static string Protect(string words)
    {
        var root = CommandLineApp.CreateRoot();
        return string.Join('|', ExecWords.Protect(root, root.Subcommands.Single(verb => verb.Name == "exec"), words.Split('|')));
    }
}
