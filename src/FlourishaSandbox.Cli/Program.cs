using FlourishaSandbox.Cli;

return await CommandLineApp.RunAsync(args);
