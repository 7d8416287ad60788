using System.Globalization;
using Waymark.Linkage.Private;
using Waymark.Sodium;

namespace Waymark.Linkage.Bench;

/// <summary>Speed of the token channel, one thread, per second of processor time; proofs apart.</summary>
internal static class PrivateTokens
{
    public static int Run()
    {
        const int n = 4096;
        var voprf = new Voprf(SodiumRistretto255.Instance);
        var (key, open) = voprf.NewKeyPair();
        byte[][] inputs = [.. Enumerable.Range(0, n).Select(BitConverter.GetBytes)];
        var blinded = Time("blind", inputs, i => voprf.Blind(i).Value);
        byte[][] elements = [.. blinded.Select(b => b.Element)];
        var evaluated = Time("evaluate", elements, e => voprf.BlindEvaluate(key, e).Value);
        Time("finish", inputs.Select((input, i) => (input, i)).ToArray(), x => voprf.Finish(x.input, blinded[x.i].Blind, evaluated[x.i]).Value);
        var proof = Time("prove, per key of a batch of 4096", [0], _ => voprf.Prove(key, open, elements, evaluated).Value, n)[0];
        Time("verify, per key of a batch of 4096", [0], _ => voprf.Verify(open, elements, evaluated, proof), n);
        return 0;
    }

    private static TOut[] Time<TIn, TOut>(string what, TIn[] inputs, Func<TIn, TOut> work, int count = 0)
    {
        work(inputs[0]);
        var best = double.MaxValue;
        TOut[] results = [];
        for (var run = 0; run < 3; run++)
        {
            var before = Environment.CpuUsage.TotalTime;
            results = Array.ConvertAll(inputs, i => work(i));
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Math.Max(count, inputs.Length) / best:0} per second of processor time"));
        return results;
    }
}
