using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Grouping;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

/// <summary>Questions under the running test's cancellation.</summary>
internal static class Asking
{
    public static Result<GroupResult> Ask(this CubeSnapshot cube, CubeQuery query) =>
        cube.Group(query, TestContext.Current.CancellationToken);

    public static Result<RowSet> List(this CubeSnapshot cube, CubeFilter filter, long offset = 0, int limit = int.MaxValue) =>
        cube.Select(filter, offset, limit, TestContext.Current.CancellationToken);
}
