using Waymark.Linkage;

namespace Waymark.Matching;

/// <summary>Writes what a run found as CSV in UTF-8.</summary>
public static class LinkWriters
{
    private const int PairsAtOnce = 1 << 14;

    /// <summary>
    /// One line per link at or above the threshold: left_id, right_id, probability, weight. Inside one file the id that sorts first
    /// stands left, so that the order of rows does not show. Where a group of people is not trusted, a fifth column names the group for its pairs: they are
    /// candidates for a person to look at. Returns the number of links.
    /// </summary>
    public static int Links(Stream stream, LinkRun run)
    {
        var doubts = run.Outcome.Trust.Any(g => !g.IsTrusted);
        using (var head = new CsvBytes(stream))
        {
            head.Line(doubts ? "left_id,right_id,probability,weight,candidate_only"u8 : "left_id,right_id,probability,weight"u8);
        }

        var links = 0;
        MemoryStream[] parts = [new(), new()];
        for (var from = 0; from < run.Outcome.Pairs.Count; from += parts.Length * PairsAtOnce)
        {
            Parallel.For(0, parts.Length, part => Interlocked.Add(ref links, Lines(parts[part], run, doubts, from + (part * PairsAtOnce))));
            foreach (var part in parts)
            {
                part.WriteTo(stream);
                part.SetLength(0);
            }
        }

        return links;
    }

    private static int Lines(MemoryStream part, LinkRun run, bool doubts, int from)
    {
        using var writer = new CsvBytes(part);
        var outcome = run.Outcome;
        var within = run.Files.Right is null;
        var links = 0;
        for (var i = from; i < Math.Min(outcome.Pairs.Count, from + PairsAtOnce); i++)
        {
            var pair = outcome.Pairs[i];
            if (pair.Probability < outcome.Threshold)
            {
                continue;
            }

            links += outcome.IsLink(pair) ? 1 : 0;
            var turned = within && run.Files.IdOf(pair.Left).SequenceCompareTo(run.Files.IdOf(pair.Right)) > 0;
            writer.Field(run.Files.IdOf(turned ? pair.Right : pair.Left));
            writer.Comma();
            writer.Field(run.Files.IdOf(turned ? pair.Left : pair.Right));
            writer.Comma();
            writer.Number(pair.Probability, 6);
            writer.Comma();
            writer.Number(pair.Weight, 3);
            if (doubts)
            {
                writer.Comma();
                writer.Field(outcome.DoubtOf(pair) is { } group ? System.Text.Encoding.UTF8.GetBytes($"{group.Kind}: {group.Value}") : []);
            }

            writer.End();
        }

        return links;
    }

    /// <summary>One line per record: id, cluster, and for two files which one. A cluster is named by its first id in byte order.</summary>
    public static void Clusters(Stream stream, LinkRun run)
    {
        using var writer = new CsvBytes(stream);
        var two = run.Files.Right is not null;
        writer.Line(two ? "id,cluster,file"u8 : "id,cluster"u8);
        var clusters = run.Outcome.Clusters;
        var name = new int[clusters.Length];
        for (var record = 0; record < clusters.Length; record++)
        {
            var root = clusters[record];
            name[record] = record;
            if (root != record && run.Files.IdOf(record).SequenceCompareTo(run.Files.IdOf(name[root])) < 0)
            {
                name[root] = record;
            }
        }

        for (var record = 0; record < clusters.Length; record++)
        {
            writer.Field(run.Files.IdOf(record));
            writer.Comma();
            writer.Field(run.Files.IdOf(name[clusters[record]]));
            if (two)
            {
                writer.Comma();
                writer.Field(record < run.Outcome.LeftCount ? "left"u8 : "right"u8);
            }

            writer.End();
        }
    }

    /// <summary>One line per record: its handle and its id as written.</summary>
    public static void HandleTable(Stream stream, RecordIds ids, Func<ReadOnlyMemory<byte>, string> handle)
    {
        using var writer = new CsvBytes(stream);
        writer.Line("handle,id"u8);
        for (var row = 0; row < ids.Count; row++)
        {
            var id = ids[row].ToArray();
            writer.Field(System.Text.Encoding.ASCII.GetBytes(handle(id)));
            writer.Comma();
            writer.Field(id);
            writer.End();
        }
    }

    /// <summary>Fields, quoted where RFC 4180 asks for it, through one buffer.</summary>
    private sealed class CsvBytes(Stream stream) : IDisposable
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private readonly byte[] _number = new byte[PlainNumber.Longest];
        private int _used;

        public void Line(ReadOnlySpan<byte> text)
        {
            Write(text);
            End();
        }

        public void Comma() => Write(","u8);

        public void End() => Write("\n"u8);

        public void Field(ReadOnlySpan<byte> value)
        {
            if (value.IndexOfAny(",\"\r\n"u8) < 0)
            {
                Write(value);
                return;
            }

            Write("\""u8);
            foreach (var range in value.Split((byte)'"'))
            {
                if (range.Start.Value > 0)
                {
                    Write("\"\""u8);
                }

                Write(value[range]);
            }

            Write("\""u8);
        }

        public void Number(double value, int digits) => Write(PlainNumber.Write(value, digits, _number));

        public void Dispose()
        {
            stream.Write(_buffer, 0, _used);
            _used = 0;
        }

        private void Write(ReadOnlySpan<byte> bytes)
        {
            if (_used + bytes.Length > _buffer.Length)
            {
                stream.Write(_buffer, 0, _used);
                _used = 0;
                if (bytes.Length > _buffer.Length)
                {
                    stream.Write(bytes);
                    return;
                }
            }

            bytes.CopyTo(_buffer.AsSpan(_used));
            _used += bytes.Length;
        }
    }
}
