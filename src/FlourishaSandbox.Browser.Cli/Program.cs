using FlourishaSandbox.Browser.Cli;

return await BrowserCommandLine.RunAsync(args);
