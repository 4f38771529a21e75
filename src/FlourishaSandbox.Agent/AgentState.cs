namespace FlourishaSandbox.Agent;

/// <summary>What all endpoints share: who the agent is, and what processes start with.</summary>
internal sealed class AgentState
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _environment;
    private string _workingDirectory;

    /// <summary>Creates the state of an agent that starts.</summary>
    /// <param name="options">What it was called with.</param>
    /// <param name="inherited">The environment that it was started with.</param>
    public AgentState(AgentOptions options, IEnumerable<KeyValuePair<string, string>> inherited)
    {
        Options = options;
        _workingDirectory = options.WorkingDirectory ?? Environment.CurrentDirectory;
        _environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in inherited)
            _environment[name] = value;

        User = AgentUser.Find(_environment.GetValueOrDefault("HOME"), _workingDirectory);
        _environment["HOME"] = User.Home;
        _environment["USER"] = User.Name;
        _environment["LOGNAME"] = User.Name;
        _environment.TryAdd("PATH", DefaultPath);
    }

    /// <summary>What the agent was called with.</summary>
    public AgentOptions Options { get; }

    /// <summary>Whom it runs as.</summary>
    public AgentUser User { get; }

    /// <summary>The folder in which processes start that name none.</summary>
    public string WorkingDirectory
    {
        get
        {
            lock (_gate)
                return _workingDirectory;
        }

        set
        {
            lock (_gate)
                _workingDirectory = value;
        }
    }

    /// <summary>A copy of the variables that processes get.</summary>
    /// <returns>Names and values.</returns>
    public Dictionary<string, string> CopyEnvironment()
    {
        lock (_gate)
            return new Dictionary<string, string>(_environment, StringComparer.Ordinal);
    }

    /// <summary>Has all processes get variables from now on.</summary>
    /// <param name="variables">Names and values.</param>
    public void AddEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        lock (_gate)
        {
            foreach (var (name, value) in variables)
                _environment[name] = value;
        }
    }
}
