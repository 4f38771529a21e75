namespace FlourishaSandbox.Files;

/// <summary>Whom a file in a sandbox belongs to.</summary>
/// <param name="UserId">The user's number.</param>
/// <param name="GroupId">The group's number.</param>
public readonly record struct FileOwner(int UserId, int GroupId);
