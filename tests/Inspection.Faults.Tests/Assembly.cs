// A station mostly waits, and the guest counts its own time, so one is hardly disturbed by two others. Under --long,
// where the times are the figures to report, nothing runs beside it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = 3)]
