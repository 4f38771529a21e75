using FlourishaSandbox.Agent;

return await AgentProgram.RunAsync(args);
