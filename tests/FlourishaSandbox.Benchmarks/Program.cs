using System.Globalization;
using System.Runtime.InteropServices;
using FlourishaSandbox.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (!BenchmarkOptions.TryParse(args, out var options, out var message))
{
    Console.Error.WriteLine(message);
    return args is ["--help" or "-h"] ? 0 : 2;
}

if (OperatingSystem.IsWindows())
{
    Console.Error.WriteLine("error: the benchmarks start their rivals through /bin/sh, and so do not run on Windows.");
    return 1;
}

// What was made on the engine is removed before the program ends, however it ends.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

return await BenchmarkRun.RunAsync(options, stop.Token);
