namespace FlourishaSandbox.Browser;

/// <summary>How a person or a pipeline says which page is meant: the object itself, or its id.</summary>
public sealed class PageReference
{
    /// <summary>Means the given page.</summary>
    /// <param name="page">A page that some earlier call gave.</param>
    public PageReference(SandboxPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        Id = page.Id;
    }

    /// <summary>Means the page with this id.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public PageReference(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        Id = id;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The id.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
