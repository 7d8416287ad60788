using System.Runtime.InteropServices;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;

// Ctrl-C and a system stop ask the work to end; the second Ctrl-C ends it at once.
using var stop = new StopSignal();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = stop.Ask(ExitCode.Interrupted));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = stop.Ask(ExitCode.Terminated));

return await WaymarkCommandLine.RunAsync(args, Terminal.System(), new PlatformOpener(), stop);
