namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>All kinds of groups that a suite can have.</summary>
internal static class SuiteShapes
{
    public static readonly SuiteShape Suite = new("", "a suite", ["$schema", "name", "app", "variables", "viewports", "browser", "timeout", "console", "run", "api", "stories", "visual", "accessibility"]);
    public static readonly SuiteShape App = new("app", "an app", ["port", "path", "start", "workingDirectory", "environment", "ready", "timeout"]);
    public static readonly SuiteShape Browser = new("browser", "a browser's settings", ["colorScheme", "locale", "timeZone"]);
    public static readonly SuiteShape Console = new("console", "the rules for the console", ["allow", "allowRequests"]);
    public static readonly SuiteShape Command = new("command", "a command", ["name", "tags", "timeout", "command", "user", "workingDirectory", "environment", "expect", "capture"]);
    public static readonly SuiteShape CommandExpectation = new("commandExpectation", "what is expected of a command", ["exitCode", "output", "error"]);
    public static readonly SuiteShape Request = new("request", "an API check", ["name", "tags", "timeout", "request", "from", "headers", "json", "form", "text", "expect", "capture"]);
    public static readonly SuiteShape ResponseExpectation = new("responseExpectation", "what is expected of an answer", ["status", "headers", "json", "text"]);
    public static readonly SuiteShape Story = new("story", "a story", ["name", "tags", "timeout", "path", "viewports", "colorScheme", "steps"]);
    public static readonly SuiteShape Picture = new("picture", "a visual check", ["name", "tags", "timeout", "path", "viewports", "colorScheme", "steps", "of", "fullPage", "mask", "tolerance", "threshold"]);
    public static readonly SuiteShape Accessibility = new("accessibilityCheck", "an accessibility check", ["name", "tags", "timeout", "path", "viewports", "colorScheme", "steps", "of", "exclude", "impact", "standards", "skipRules"]);
    public static readonly SuiteShape Step = new("step", "a step", ["name", "timeout", "goto", "click", "type", "press", "select", "hover", "scroll", "waitFor", "screenshot", "script", "expect"]);
    public static readonly SuiteShape Selector = new("selector", "an element", ["css", "text", "role", "name", "label", "testId", "exact", "nth"]);
    public static readonly SuiteShape Type = new("type", "what is typed", ["into", "text"]);
    public static readonly SuiteShape Press = new("press", "what is pressed", ["key", "on"]);
    public static readonly SuiteShape Select = new("select", "what is selected", ["in", "option"]);
    public static readonly SuiteShape Scroll = new("scroll", "where to scroll", ["to", "by"]);
    public static readonly SuiteShape Screenshot = new("screenshot", "a screenshot", ["name", "of", "fullPage"]);
    public static readonly SuiteShape Script = new("script", "a script", ["run", "expect"]);
    public static readonly SuiteShape Expectation = new("expectation", "what is expected of a page", ["of", "text", "visible", "hidden", "count", "value", "attribute", "url", "title"]);
    public static readonly SuiteShape Matcher = new("matcher", "what a value is compared with", ["equals", "not", "contains", "matches", "exists", "length", "above", "below"]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SuiteShape> All { get; } =
    [
        Suite, App, Browser, Console, Command, CommandExpectation, Request, ResponseExpectation, Story, Picture, Accessibility, Step, Selector, Type, Press, Select, Scroll, Screenshot,
        Script, Expectation, Matcher,
    ];
}
