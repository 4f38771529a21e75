using FlourishaSandbox.Images;

namespace FlourishaSandbox.Benchmarks;

/// <summary>What the command line says.</summary>
internal sealed record BenchmarkOptions
{
    private const string Usage = """
        usage: FlourishaSandbox.Benchmarks [--only NAME]... [--quick] [--image IMAGE]

          --only NAME    only this benchmark: copy, create, pool, remove, exec, file, parallel,
                         density, powershell, cli or gateway; may be repeated
          --quick        fewer rounds: a look, not a measurement
          --image IMAGE  what sandboxes are made from (flourisha-sandbox-base:bookworm)

        Exit code 1 where something could not be measured. A target that is missed is printed as MISSED, and is no error.
        """;

    /// <summary>The benchmarks to run; none for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Whether to run fewer rounds.</summary>
    public bool Quick { get; init; }

    /// <summary>What sandboxes are made from. A small image: what is in it costs the engine the same for everybody.</summary>
    public string Image { get; init; } = ImageStore.LocalBaseImage;

    /// <summary>How many rounds there are: fewer when it has to be quick.</summary>
    /// <param name="usual">How many there are usually.</param>
    public int Rounds(int usual) => Quick ? Math.Max(2, usual / 5) : usual;

    /// <summary>Whether a benchmark of this name is wanted.</summary>
    public bool Wants(string name) => Only.Count == 0 || Only.Contains(name);

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The words.</param>
    /// <param name="options">The result.</param>
    /// <param name="message">What to print where there is none.</param>
    public static bool TryParse(string[] args, out BenchmarkOptions options, out string message)
    {
        (options, message) = (new BenchmarkOptions(), Usage);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--only" when value is not null && BenchmarkRun.Names.Contains(value):
                    options = options with { Only = [.. options.Only, value] };
                    i++;
                    break;
                case "--image" when value is not null:
                    options = options with { Image = value };
                    i++;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
