using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests;

/// <summary>Holds a failure against what a user is promised: its name, and a message that says something.</summary>
internal static class Failure
{
    public static SandboxException Expect(SandboxError error, Action action) => Check(error, Assert.Throws<SandboxException>(action));

    public static async Task<SandboxException> ExpectAsync(SandboxError error, Func<Task> action) => Check(error, await Assert.ThrowsAsync<SandboxException>(action));

    private static SandboxException Check(SandboxError error, SandboxException exception)
    {
        Assert.True(error == exception.Error, $"{exception.Error} instead of {error}: {exception}");
        Assert.False(string.IsNullOrWhiteSpace(exception.Message));
        return exception;
    }
}
