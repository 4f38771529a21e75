using FlourishaSandbox.Browser.Suites.Pages;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>One thing that a person does on a page, or sees there.</summary>
internal abstract record StoryStep
{
    /// <summary>How long it may take where nothing is said: 10 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What the suite calls it; null for what it does.</summary>
    public string? Name { get; init; }

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>What results show.</summary>
    public string Text => Name ?? Describe();

    /// <summary>Does it.</summary>
    /// <param name="page">The page.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="CheckFailedException">It cannot be done, or what is seen is not what is expected.</exception>
    public abstract Task RunAsync(StoryPage page);

    /// <summary>What it does, in a few words.</summary>
    protected abstract string Describe();
}
