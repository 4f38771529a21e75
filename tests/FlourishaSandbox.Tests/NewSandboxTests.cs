using System.Collections;
using System.Globalization;
using System.Management.Automation;
using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

public sealed class NewSandboxTests : CmdletTest
{
    [Theory]
    [InlineData(nameof(NewSandboxCommand.Name), "-x")]
    [InlineData(nameof(NewSandboxCommand.Name), "a b")]
    [InlineData(nameof(NewSandboxCommand.Memory), 1000L)]
    [InlineData(nameof(NewSandboxCommand.Cpu), 0.0)]
    [InlineData(nameof(NewSandboxCommand.Cpu), double.NaN)]
    [InlineData(nameof(NewSandboxCommand.PidLimit), 0)]
    [InlineData(nameof(NewSandboxCommand.Port), new[] { 8000, 65536 })]
    [InlineData(nameof(NewSandboxCommand.WorkingDirectory), "workspace")]
    [InlineData(nameof(NewSandboxCommand.User), "a b")]
    [InlineData(nameof(NewSandboxCommand.Volume), new[] { "/etc:/etc" })]
    [InlineData(nameof(NewSandboxCommand.Volume), new[] { "a1:/x", "b1:/x" })]
    public void A_value_that_cannot_be_used_ends_the_call_before_anything_is_made(string parameter, object value)
    {
        var cmdlet = new NewSandboxCommand { Image = "base:1", Count = 3 };
        typeof(NewSandboxCommand).GetProperty(parameter)!.SetValue(cmdlet, value);

        var run = Invocation.Run(cmdlet, "Image");

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, run.Terminating!.CategoryInfo.Category);
        Assert.StartsWith($"{parameter} '", run.Terminating.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(run.Terminating.ErrorDetails!.RecommendedAction);
        Assert.Empty(run.Questions);
        Assert.Empty(Runtime.Specifications);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("A=B", "1")]
    [InlineData("A", "\0")]
    public void A_variable_that_cannot_be_is_refused(string key, string value)
    {
        var run = Invocation.Run(new NewSandboxCommand { Image = "base:1", Environment = new Hashtable { [key] = value } }, "Image");

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Empty(Runtime.Specifications);
    }

    [Fact]
    public void A_name_that_is_too_long_with_its_number_is_refused_before_the_first_is_made()
    {
        var name = new string('x', SandboxName.MaximumLength - 2);

        var run = Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = name, Count = 10 }, "Image");

        Assert.Equal("InvalidOption", run.Terminating?.FullyQualifiedErrorId);
        Assert.Contains(name + "-10", run.Terminating!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Runtime.Specifications);
    }

    [Fact]
    public void Count_numbers_the_names_and_keeps_their_order()
    {
        var run = Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "web", Count = 3 }, "Image");

        Assert.Equal(["object web-1", "object web-2", "object web-3"], run.Order);
        Assert.Equal([("web-1", "Create from 'base:1'"), ("web-2", "Create from 'base:1'"), ("web-3", "Create from 'base:1'")], run.Questions);
    }

    [Fact]
    public void One_alone_bears_the_name_as_it_is()
    {
        var run = Invocation.Run(new NewSandboxCommand { Image = "base:1", Name = "web" }, "Image");

        Assert.Equal(["object web"], run.Order);
    }

    [Fact]
    public void Without_a_name_each_gets_one_of_its_own()
    {
        var run = Invocation.Run(new NewSandboxCommand { Image = "base:1", Count = 3 }, "Image");

        Assert.Equal(3, run.OutputOf<Sandbox>().Select(each => each.Name).Distinct().Count());
        Assert.All(run.OutputOf<Sandbox>(), each => Assert.StartsWith("sandbox-", each.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_made_of_what_was_refused()
    {
        var cmdlet = new NewSandboxCommand { Image = "base:1", Name = "web", Count = 3 };
        var run = new Invocation(cmdlet, "Image") { Answer = (target, _) => target == "web-2" };

        run.Run();

        Assert.Equal(3, run.Questions.Count);
        Assert.Equal(["create web-2"], Runtime.Effects);
    }

    [Fact]
    public void What_is_bound_arrives_in_the_specification()
    {
        var cmdlet = new NewSandboxCommand
        {
            Image = "base:1", Name = "web", Memory = 64 << 20, Cpu = 0.5, PidLimit = 7, Port = [9000, 8000], Timeout = TimeSpan.FromMinutes(3),
            WorkingDirectory = "/srv", User = "1:2", Volume = ["cache:/var/cache:rw"],
        };

        Invocation.Run(cmdlet, "Image");

        var made = Assert.Single(Runtime.Specifications);
        Assert.Equal((64L << 20, 0.5, 7), (made.Limits.Memory, made.Limits.Cpus, made.Limits.PidLimit));
        Assert.Equal([8000, 9000], made.Ports);
        Assert.Equal(TimeSpan.FromMinutes(3), made.Timeout);
        Assert.Equal(("/srv", "1:2", "cache:/var/cache:rw"), (made.WorkingDirectory, made.User, made.Volumes.Single().ToString()));
    }

    [Fact]
    public void Unlimited_is_no_deadline()
    {
        Invocation.Run(new NewSandboxCommand { Image = "base:1", Timeout = Timeout.InfiniteTimeSpan }, "Image");

        Assert.Null(Runtime.Specifications.Single().Deadline);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("")]
    public void Hashtables_are_written_the_same_under_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var table = new Hashtable { ["INDEX"] = 1.5, ["count"] = 12345, [7] = true, ["none"] = null, ["day"] = new DateTime(2026, 2, 3, 0, 0, 0, DateTimeKind.Utc) };

            Invocation.Run(new NewSandboxCommand { Image = "base:1", Environment = table, Metadata = table }, "Image");

            var expected = new Dictionary<string, string> { ["INDEX"] = "1.5", ["count"] = "12345", ["7"] = "True", ["none"] = "", ["day"] = "02/03/2026 00:00:00" };
            Assert.Equivalent(expected, Runtime.Specifications.Single().Environment, strict: true);
            Assert.Equivalent(expected, Runtime.Specifications.Single().Metadata, strict: true);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void An_image_that_nobody_has_is_one_error_for_each_sandbox()
    {
        var run = Invocation.Run(new NewSandboxCommand { Image = "nobody:1", Count = 2 }, "Image");

        Assert.Equal(["error ImageNotFound nobody:1", "error ImageNotFound nobody:1"], run.Order);
        Assert.Null(run.Terminating);
    }

    [Fact]
    public void A_template_that_does_not_exist_names_those_that_do()
    {
        var run = Invocation.Run(new NewSandboxCommand { Template = "minimol" }, "Template");

        var error = Assert.Single(run.Errors);
        Assert.Equal("TemplateNotFound", error.FullyQualifiedErrorId);
        Assert.Contains("'minimol'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("There are: minimal.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_of_a_template_is_built_once_for_all_that_are_made_side_by_side()
    {
        Invocation.Run(new NewSandboxCommand { Template = "minimal", Count = 4, ThrottleLimit = 4 }, "Template");

        Assert.Single(Runtime.Effects, effect => effect.StartsWith("build ", StringComparison.Ordinal));
        Assert.Equal(4, Runtime.Sandboxes.Count);
    }
}
