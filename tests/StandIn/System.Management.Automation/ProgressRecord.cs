// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation;

public enum ProgressRecordType
{
    Processing,
    Completed,
}

public class ProgressRecord
{
    public ProgressRecord(int activityId, string activity, string statusDescription)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(activityId);
        ArgumentException.ThrowIfNullOrEmpty(activity);
        ArgumentException.ThrowIfNullOrEmpty(statusDescription);
        (ActivityId, Activity, StatusDescription) = (activityId, activity, statusDescription);
    }

    public int ActivityId { get; }

    public string Activity { get; }

    public string StatusDescription { get; }

    public int ParentActivityId { get; set; } = -1;

    public int PercentComplete { get; set; } = -1;

    public ProgressRecordType RecordType { get; set; }
}
