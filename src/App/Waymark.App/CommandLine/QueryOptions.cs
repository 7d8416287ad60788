using System.CommandLine;

namespace Waymark.App.CommandLine;

/// <summary>The options that ask a series; the same for <c>query</c> and <c>explain</c>.</summary>
public sealed class QueryOptions(CommandMaker make)
{
    private readonly Argument<string> _series = make.Argument<string>("SERIES", "publisher/dataset, as \"waymark series\" lists it, or across/QUANTITY for all sources of a quantity", "机构/数据集，见 waymark series；或 across/QUANTITY，并列同一数量的各来源");
    private readonly Option<string?> _where = make.Option<string?>("--where", "\"dim=A|B; dim2!=C\"", "conditions joined by ;", "条件，用 ; 连接");
    private readonly Option<string?> _from = make.Option<string?>("--from", "PERIOD", "first period (2010, 2010-Q1, 2010-05)", "起始期间（2010、2010-Q1、2010-05）");
    private readonly Option<string?> _to = make.Option<string?>("--to", "PERIOD", "last period", "结束期间");
    private readonly Option<string?> _asOf = make.Option<string?>("--as-of", "TIME", "what was known at this time", "该时刻所知的数据");
    private readonly Option<string?> _release = make.Option<string?>("--release", "EDITION", "one edition of the publisher", "发布方的某一版");
    private readonly Option<string?> _sort = make.Option<string?>("--sort", "COL,-COL", "columns to sort by, - for descending", "排序列，- 为降序");
    private readonly Option<string?> _offset = make.Option<string?>("--offset", "N", "rows to skip", "跳过的行数");
    private readonly Option<string?> _limit = make.Option<string?>("--limit", "N", "most rows (100,000)", "最多行数（100,000）");

    public Symbol[] All => [_series, _where, _from, _to, _asOf, _release, _sort, _offset, _limit];

    public QueryWords Words(CommandContext context) => new()
    {
        Series = context.Get(_series)!,
        Where = context.Get(_where),
        From = context.Get(_from),
        To = context.Get(_to),
        AsOf = context.Get(_asOf),
        Release = context.Get(_release),
        Sort = context.Get(_sort),
        Offset = context.Get(_offset),
        Limit = context.Get(_limit),
    };
}
