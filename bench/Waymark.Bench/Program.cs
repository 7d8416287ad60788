using Waymark.Bench;

// Every benchmark area is one class that implements IBenchmark; nothing is registered by hand.
var areas = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IBenchmark)))
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(area => area.Verb, StringComparer.Ordinal)
    .ToList();

if (args.Length == 0 || areas.Find(area => area.Verb == args[0]) is not { } chosen)
{
    Console.Error.WriteLine("usage: waymark-bench VERB [--sample] [--sorted] [--rows N] [--seed N] [--runs N] [--threads N]");
    foreach (var area in areas)
    {
        Console.Error.WriteLine($"  {area.Verb,-12} {area.What}");
    }

    return 2;
}

if (!BenchOptions.TryParse(args.AsSpan(1), out var options, out var complaint))
{
    Console.Error.WriteLine(complaint);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await chosen.RunAsync(options, stop.Token).ConfigureAwait(false);
