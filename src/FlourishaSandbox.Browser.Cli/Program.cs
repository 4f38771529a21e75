using System.CommandLine;

var root = new RootCommand("The verbs of docker-sandbox that need a browser.");
return await root.Parse(args).InvokeAsync();
