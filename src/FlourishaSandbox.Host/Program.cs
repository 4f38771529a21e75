using FlourishaSandbox.Host;

return await GatewayProgram.RunAsync(args);
