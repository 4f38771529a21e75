using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FlourishaSandbox.Host;

/// <summary>
/// Takes the services that a web host would have, without one: what TLS needs of Kestrel is internal, and only what sets up a web host adds it.
/// </summary>
/// <param name="services">Takes them.</param>
internal sealed class ServiceTaker(IServiceCollection services) : IWebHostBuilder
{
    private readonly WebHostBuilderContext _context = new();

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(services);
        return this;
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
    {
        configureServices(_context, services);
        return this;
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

    /// <inheritdoc/>
    public string? GetSetting(string key) => null;

    /// <inheritdoc/>
    public IWebHostBuilder UseSetting(string key, string? value) => this;

    /// <inheritdoc/>
    public IWebHost Build() => throw new NotSupportedException("There is no web host.");
}
