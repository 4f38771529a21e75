namespace FlourishaSandbox.Sessions;

/// <summary>A record that a process made sandboxes on an engine, and has not ended in order since.</summary>
/// <param name="Path">The file. Its name is all that there is to it.</param>
/// <param name="Session">The process's mark.</param>
/// <param name="Process">The process.</param>
/// <param name="Touched">When it made a sandbox last.</param>
internal sealed record SessionRecord(string Path, string Session, ProcessIdentity Process, DateTimeOffset Touched);
