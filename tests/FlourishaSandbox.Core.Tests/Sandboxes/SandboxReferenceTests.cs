using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Sandboxes;

public sealed class SandboxReferenceTests : IDisposable
{
    private readonly FakeRuntime _runtime = new();
    private readonly SandboxManager _manager;
    private readonly Sandbox _first = TestData.Sandbox("first", id: "abcd1" + new string('0', 59));
    private readonly Sandbox _second = TestData.Sandbox("second", id: "abcd2" + new string('0', 59));
    private readonly Sandbox _third = TestData.Sandbox("third", id: "e" + new string('1', 63), owner: "you@there");

    public SandboxReferenceTests()
    {
        _manager = new SandboxManager(_runtime, new SandboxSettings { Owner = "me@here" });
        _runtime.Sandboxes.AddRange([_first, _second, _third]);
    }

    public void Dispose() => _manager.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_reference_is_none(string text) => Assert.Throws<ArgumentException>(() => new SandboxReference(text));

    [Fact]
    public async Task Name_id_beginning_of_an_id_and_object_all_mean_the_sandbox()
    {
        foreach (var reference in new[] { new("first"), new(_first.Id), new(_first.ShortId), new("abcd1"), new SandboxReference(_first) })
            Assert.Same(_first, await _manager.GetAsync(reference, CancellationToken.None));
    }

    [Theory]
    [InlineData("e")] // an engine takes any number of digits; `kill e` must not hit whatever begins so
    [InlineData("e11")]
    [InlineData("abc")]
    [InlineData("E111")]
    [InlineData("FIRST")]
    [InlineData("firs")]
    [InlineData("*")]
    public async Task Less_than_four_digits_and_half_a_name_mean_nothing(string text) =>
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => _manager.GetAsync(new SandboxReference(text), CancellationToken.None));

    [Fact]
    public async Task Several_ids_that_begin_so_are_all_named()
    {
        var failure = await Failure.ExpectAsync(SandboxError.SandboxAmbiguous, () => _manager.GetAsync(new SandboxReference("abcd"), CancellationToken.None));
        Assert.Contains("first", failure.Message, StringComparison.Ordinal);
        Assert.Contains("second", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_that_are_no_sandboxes_make_no_beginning_of_an_id_ambiguous()
    {
        _runtime.IsAmbiguous = text => text == "abcd1";
        Assert.Same(_first, await _manager.GetAsync(new SandboxReference("abcd1"), CancellationToken.None));
    }

    [Fact]
    public async Task A_name_goes_before_the_beginning_of_another_id()
    {
        var named = TestData.Sandbox("e111", id: "f" + new string('2', 63));
        _runtime.Sandboxes.Add(named);
        Assert.Same(named, await _manager.GetAsync(new SandboxReference("e111"), CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_found_is_told_with_the_names_that_one_has()
    {
        var failure = await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => _manager.GetAsync(new SandboxReference("nosuch"), CancellationToken.None));
        Assert.Contains("'nosuch'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("first, second", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("third", failure.Message, StringComparison.Ordinal); // somebody else's
    }

    [Fact]
    public async Task An_object_is_found_by_its_id_even_where_another_sandbox_has_its_name_by_now()
    {
        var old = TestData.Sandbox("first", id: new string('9', 64));
        await Failure.ExpectAsync(SandboxError.SandboxNotFound, () => _manager.GetAsync(new SandboxReference(old), CancellationToken.None));
    }
}
