using System.Net;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host;

/// <summary>The command line. It is written by the command line of the product and by its cmdlets, which have checked and explained it.</summary>
/// <param name="Options">How to serve.</param>
/// <param name="IsDetached">Whether it is to outlive the terminal that it was started from.</param>
/// <param name="Log">The file for what there is to say; null for standard error.</param>
internal sealed record GatewayArguments(GatewayOptions Options, bool IsDetached, string? Log)
{
    /// <summary>What a call of the program by itself is told.</summary>
    public const string Usage = """
        usage: docker-sandbox-gateway [OPTIONS]
        The gateway; 'docker-sandbox serve' runs it, and its --help explains:
          --engine ADDRESS --address IP --port N --domain NAME --url URL
          --certificate FILE --certificate-key FILE --certificate-password-file FILE
          --keep-host --trusted-proxy NETWORK --detached --log FILE
        """;

    /// <summary>Reads it. What is not said is as the settings have it.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a word is not understood.</exception>
    public static GatewayArguments Parse(IReadOnlyList<string> words, SandboxSettings settings)
    {
        var arguments = new GatewayArguments(GatewayOptions.From(settings), IsDetached: false, Log: null);
        for (var i = 0; i < words.Count; i++)
        {
            var option = words[i];
            arguments = option switch
            {
                "--keep-host" => arguments with { Options = arguments.Options with { KeepHost = true } },
                "--detached" => arguments with { IsDetached = true },
                _ when ++i < words.Count => arguments.With(option, words[i]),
                _ => throw InvalidWord(option),
            };
        }

        arguments.Options.Validate();
        return arguments;
    }

    private GatewayArguments With(string option, string value) => option switch
    {
        "--engine" => this with { Options = Options with { Engine = value } },
        "--address" => this with { Options = Options with { Address = IPAddress.TryParse(value, out var address) ? address : throw InvalidWord(value) } },
        "--port" => this with { Options = Options with { Port = int.TryParse(value, out var port) ? port : throw InvalidWord(value) } },
        "--domain" => this with { Options = Options with { Domain = value } },
        "--url" => this with { Options = Options with { Url = Uri.TryCreate(value, UriKind.Absolute, out var url) ? url : throw InvalidWord(value) } },
        "--certificate" => this with { Options = Options with { Certificate = value } },
        "--certificate-key" => this with { Options = Options with { CertificateKey = value } },
        "--certificate-password-file" => this with { Options = Options with { CertificatePasswordFile = value } },
        "--trusted-proxy" => this with { Options = Options with { TrustedProxies = [.. Options.TrustedProxies.Append(value).Distinct()] } },
        "--log" => this with { Log = value },
        _ => throw InvalidWord(option),
    };

    private static SandboxException InvalidWord(string word) => new(SandboxError.InvalidOption, $"'{word}' is not understood, or its value is missing.", word, "See 'docker-sandbox serve --help'.");
}
