using System.Diagnostics;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>One making of a check: what it found so far, and where its files go.</summary>
/// <param name="folder">The folder for its files, which is made when the first comes.</param>
internal sealed class CheckScope(string folder)
{
    private readonly List<AppTestStep> _steps = [];

    /// <summary>Its files.</summary>
    public PictureFolder Files { get; } = new(folder);

    /// <summary>Its steps so far.</summary>
    public IReadOnlyList<AppTestStep> Steps => [.. _steps];

    /// <summary>What is worth knowing although it passed; null for nothing.</summary>
    public string? Note { get; set; }

    /// <summary>Makes steps, one after the other; the first that fails skips the others.</summary>
    /// <param name="steps">What they are called, and what they do.</param>
    /// <returns>A task that ends when all are made.</returns>
    public async Task MakeAsync(IEnumerable<(string Text, Func<Task> Action)> steps)
    {
        var all = steps.ToList();
        for (var i = 0; i < all.Count; i++)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                await all[i].Action().ConfigureAwait(false);
                _steps.Add(new AppTestStep(Excerpt.Of(all[i].Text), AppTestStatus.Passed, watch.Elapsed));
            }
            catch
            {
                _steps.Add(new AppTestStep(Excerpt.Of(all[i].Text), AppTestStatus.Failed, watch.Elapsed));
                _steps.AddRange(all.Skip(i + 1).Select(rest => new AppTestStep(Excerpt.Of(rest.Text), AppTestStatus.Skipped, TimeSpan.Zero)));
                throw;
            }
        }
    }
}
