using FlourishaSandbox.Host.Tests.Serving;

// One gateway and its sandboxes for all: tests tell what is theirs by paths of their own.
[assembly: AssemblyFixture(typeof(GatewayHouse))]
