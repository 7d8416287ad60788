namespace Waymark.App.Accounts;

/// <summary>The four penalties of ISO/IEC 18004 by which a mask is chosen.</summary>
internal static class QrPenalty
{
    public static int Of(bool[,] dark)
    {
        var size = dark.GetLength(0);
        var penalty = 0;
        for (var i = 0; i < size; i++)
        {
            penalty += Line(size, at => dark[i, at]) + Line(size, at => dark[at, i]);
        }

        var count = 0;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                count += dark[row, column] ? 1 : 0;
                if (row > 0 && column > 0 && dark[row, column] == dark[row - 1, column] && dark[row, column] == dark[row, column - 1] && dark[row, column] == dark[row - 1, column - 1])
                {
                    penalty += 3;
                }
            }
        }

        return penalty + (Math.Abs((count * 20) - (size * size * 10)) / (size * size) * 10);
    }

    private static int Line(int size, Func<int, bool> at)
    {
        var (penalty, run) = (0, 1);
        var window = at(0) ? 1 : 0;
        for (var i = 1; i < size; i++)
        {
            run = at(i) == at(i - 1) ? run + 1 : 1;
            penalty += run == 5 ? 3 : run > 5 ? 1 : 0;
            window = ((window << 1) | (at(i) ? 1 : 0)) & 0x7FF;
            penalty += i >= 10 && (window is 0b00001011101 or 0b10111010000) ? 40 : 0;
        }

        return penalty;
    }
}
