namespace FlourishaSandbox.Agent.Http;

/// <summary>Who may call an endpoint.</summary>
internal enum Access
{
    /// <summary>Whoever bears the access token.</summary>
    Token,

    /// <summary>Everybody.</summary>
    Open,

    /// <summary>The endpoint looks for itself, by <see cref="AccessToken.Accepts"/> or otherwise.</summary>
    Own,
}
