using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>Plans as the manager does.</summary>
/// <param name="templates">The templates.</param>
/// <param name="images">The images.</param>
/// <param name="ensure">What the manager does when it makes a sandbox, but for making it.</param>
/// <param name="specify">Lays options, template and settings over each other.</param>
internal sealed class PoolPlanner(
    TemplateCatalog templates,
    ImageStore images,
    Func<SandboxOptions, OperationObserver, CancellationToken, Task<SandboxSpecification>> ensure,
    Func<SandboxOptions, Template?, SandboxImage, SandboxSpecification> specify) : IPoolPlanner
{
    /// <inheritdoc/>
    public Task<SandboxSpecification> EnsureAsync(SandboxOptions options, OperationObserver observer, CancellationToken cancellationToken) => ensure(options, observer, cancellationToken);

    /// <inheritdoc/>
    public async Task<SandboxSpecification?> FindAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var template = options.Image is null ? templates.Get(options.Template ?? SandboxOptions.DefaultTemplate) : null;
            var image = template is null
                ? await images.FindAsync(options.Image!, cancellationToken).ConfigureAwait(false)
                : await images.FindAsync(template, cancellationToken).ConfigureAwait(false);
            return image is null ? null : specify(options, template, image);
        }
        catch (SandboxException e) when (e.Error is SandboxError.TemplateNotFound or SandboxError.TemplateInvalid)
        {
            return null;
        }
    }
}
