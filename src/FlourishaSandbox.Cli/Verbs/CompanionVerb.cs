using System.CommandLine;

namespace FlourishaSandbox.Cli.Verbs;

/// <summary>A verb that a companion has. It is here for the list of verbs; calls never get this far, see <see cref="CompanionCall"/>.</summary>
internal sealed class CompanionVerb : Command
{
    /// <summary>Creates the verb.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="companion">The program that has it.</param>
    public CompanionVerb(string name, string description, Companion companion)
        : base(name, description)
    {
        Companion = companion;
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parse, _) => CompanionCall.RunAsync(this, [name, .. parse.UnmatchedTokens]));
    }

    /// <summary>The program that has it.</summary>
    public Companion Companion { get; }
}
