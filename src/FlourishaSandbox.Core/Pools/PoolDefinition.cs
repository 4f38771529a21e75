using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>A pool as it is wanted: what its sandboxes are made from, and how many shall wait.</summary>
public sealed record PoolDefinition
{
    /// <summary>The largest pool: 1,000.</summary>
    public const int MostMembers = 1000;

    /// <summary>The template's name; null for the default one, or where <see cref="Image"/> is given.</summary>
    public string? Template { get; init; }

    /// <summary>An image, instead of a template.</summary>
    public string? Image { get; init; }

    /// <summary>How many shall wait, from 0 to <see cref="MostMembers"/>.</summary>
    public required int Size { get; init; }

    /// <summary>What they may use. A claim changes CPUs and processes where it wants others; other memory it finds only where nothing of the sandbox lies in memory.</summary>
    public ResourceLimits Limits { get; init; } = ResourceLimits.Default;

    /// <summary>How hard they are closed.</summary>
    public IsolationLevel Isolation { get; init; }

    /// <summary>What they can reach; null for what their isolation says.</summary>
    public NetworkPolicy? Network { get; init; }

    /// <summary>The pool's name: what its sandboxes are made from, and how they differ from what is usual.</summary>
    public string Name => string.Join('+', Variants());

    /// <summary>The pool whose sandboxes can become those of some options.</summary>
    /// <param name="options">The options; what a claim gives does not matter.</param>
    /// <param name="size">How many shall wait.</param>
    /// <returns>The pool.</returns>
    public static PoolDefinition From(SandboxOptions options, int size)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PoolDefinition { Template = options.Image is null ? options.Template ?? SandboxOptions.DefaultTemplate : options.Template, Image = options.Image, Size = size, Limits = options.Limits, Isolation = options.Isolation, Network = options.Network };
    }

    /// <summary>The options of a sandbox that one of this pool can become.</summary>
    /// <param name="defaults">What holds where the pool says nothing.</param>
    /// <returns>The options.</returns>
    public SandboxOptions ToOptions(SandboxOptions defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return defaults with { Template = Template, Image = Image, Checkpoint = null, Limits = Limits, Isolation = Isolation, Network = Network };
    }

    /// <summary>Checks everything that can be checked without an engine.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used.</exception>
    public void Validate()
    {
        ToOptions(new SandboxOptions()).Validate();
        if (Size is < 0 or > MostMembers)
            throw InvalidOption.Create("Size", Size.ToString(CultureInfo.InvariantCulture), "is out of range", $"Give how many sandboxes shall wait, from 0 to {MostMembers}.");

        if (Network == NetworkPolicy.Dedicated)
            throw InvalidOption.Create("Network", Network, "cannot be had from a pool: each sandbox gets a network of its own when it is made", "Give Isolated, Internal or None.");
    }

    private IEnumerable<string> Variants()
    {
        yield return Image ?? Template ?? SandboxOptions.DefaultTemplate;
        if (Isolation != default)
            yield return Isolation.ToString().ToLowerInvariant();

        if (Network is { } network)
            yield return network.ToString().ToLowerInvariant();
    }
}
