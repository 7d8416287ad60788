using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Matching.Tests;

/// <summary>Files as people really have them: nothing is lost, and what is wrong is said with its line.</summary>
public sealed class ReadingTests
{
    private static readonly Encoding s_windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData(",", "utf-8")]
    [InlineData(";", "utf-8")]
    [InlineData("\t", "utf-16")]
    [InlineData("|", "utf-16BE")]
    [InlineData(";", "windows-1252")]
    public void Delimiter_and_encoding_are_found(string delimiter, string encoding)
    {
        using var place = new Place();
        var text = string.Join("\r\n", new[] { "id,name,place", "1,Müller,Köln", "2,García,Málaga", "3,Smith,Leeds", "" }).Replace(",", delimiter, StringComparison.Ordinal);
        var coder = encoding == "windows-1252" ? s_windows : Encoding.GetEncoding(encoding);
        var file = Place.Read(place.Write("persons.csv", [.. coder.Preamble.ToArray(), .. coder.GetBytes(text)]));
        Place.Column(file, "name").ShouldBe(["Müller", "García", "Smith"]);
        Place.Ids(file.Table).ShouldBe(["1", "2", "3"]);
        file.Aside.ShouldBeEmpty();
    }

    [Fact]
    public void A_stated_encoding_is_used()
    {
        using var place = new Place();
        var coder = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;
        var path = place.Write("persons.csv", coder.GetBytes("id,姓名,地点\n1,王伟,北京\n2,李娜,上海\n"));
        var file = RegisterReader.Read(path, new RegisterOptions { IdColumn = "id", Encoding = coder }, TestContext.Current.CancellationToken).Value;
        Place.Column(file, "姓名").ShouldBe(["王伟", "李娜"]);
    }

    [Fact]
    public void Text_in_an_unknown_encoding_is_refused_with_the_line_and_what_to_do()
    {
        using var place = new Place();
        var coder = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        var rows = string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},Иванов,Москва\n"));
        var error = RegisterReader.Read(place.Write("persons.csv", coder.GetBytes("id,name,place\n" + rows)), new RegisterOptions { IdColumn = "id" }, TestContext.Current.CancellationToken).Error!;
        (error.Code, error.Kind, error.Where).ShouldBe(("matching.encoding", ErrorKind.NotFound, "persons.csv:2"));
        error.Hint!.In("en").ShouldContain("--encoding");
    }

    [Fact]
    public void A_single_line_in_an_unknown_encoding_is_kept_aside_and_the_rest_is_read()
    {
        using var place = new Place();
        var bytes = Encoding.UTF8.GetBytes("id,name\n1,Анна\n2,").Concat(CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes("Иванов")).Concat(Encoding.UTF8.GetBytes("\n3,Ольга\n"));
        var file = Place.Read(place.Write("persons.csv", [.. bytes]));
        Place.Column(file, "name").ShouldBe(["Анна", "Ольга"]);
        file.Aside.Select(a => (a.Line, a.Code)).ShouldBe([(3, "row.encoding")]);
    }

    [Fact]
    public void Malformed_rows_missing_ids_and_repeated_ids_are_kept_aside_with_line_and_reason()
    {
        using var place = new Place();
        var good = string.Concat(Enumerable.Range(10, 30).Select(i => $"{i},Name{i},x\n"));
        var file = Place.Read(place.Write("persons.csv", "id,name,place\n" + good + "1,too,many,fields\n2,few\n,noid,x\n10,again,x\n99,last,x\n"));
        file.Aside.Select(a => (a.Line, a.Code)).ShouldBe([(32, "row.width"), (33, "row.width"), (34, "row.no-id"), (35, "row.id-twice")]);
        file.Aside[3].Reason.In("en").ShouldContain("line 2");
        file.RowsRead.ShouldBe(file.Table.Rows + file.AsideCount);
        Place.Ids(file.Table)[^1].ShouldBe("99");
    }

    [Fact]
    public void A_column_that_does_not_name_records_is_no_id()
    {
        using var place = new Place();
        var path = place.Write("persons.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i % 7},N{i}\n")));
        var error = RegisterReader.Read(path, new RegisterOptions { IdColumn = "id" }, TestContext.Current.CancellationToken).Error!;
        error.Code.ShouldBe("matching.id-repeats");
        error.Message.In("en").ShouldContain("93 of 100");
    }

    [Fact]
    public void A_missing_id_column_is_an_error_that_lists_the_columns()
    {
        using var place = new Place();
        var error = RegisterReader.Read(place.Write("p.csv", "key,name\n1,a\n"), new RegisterOptions { IdColumn = "id" }, TestContext.Current.CancellationToken).Error!;
        error.Code.ShouldBe("matching.no-id-column");
        error.Hint!.In("en").ShouldBe("Columns: key, name.");
    }

    [Theory]
    [InlineData("", "matching.no-header")]
    [InlineData("\n\n", "matching.no-header")]
    public void A_file_without_a_header_is_said_to_be_empty(string text, string code)
    {
        using var place = new Place();
        RegisterReader.Read(place.Write("p.csv", text), new RegisterOptions { IdColumn = "id" }, TestContext.Current.CancellationToken).Error!.Code.ShouldBe(code);
    }

    [Fact]
    public void What_is_no_table_is_refused()
    {
        using var place = new Place();
        RegisterReader.Read(Path.Combine(place.Folder, "absent.csv"), new RegisterOptions(), TestContext.Current.CancellationToken).Error!.Kind.ShouldBe(ErrorKind.NotFound);
        var noise = Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7)).ToArray();
        RegisterReader.Read(place.Write("x.csv", noise), new RegisterOptions(), TestContext.Current.CancellationToken).Error!.Kind.ShouldBe(ErrorKind.NotFound);
        byte[] cut = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        RegisterReader.Read(place.Write("x.csv.gz", cut), new RegisterOptions(), TestContext.Current.CancellationToken).Error!.Kind.ShouldBe(ErrorKind.NotFound);
    }

    [Fact]
    public void A_header_without_rows_is_said()
    {
        using var place = new Place();
        Place.Read(place.Write("p.csv", "id,name\n")).Warnings.ShouldContain(w => w.Code == "matching.no-rows");
        Place.Read(place.Write("q.csv", "id,name\n1,Anna\n")).Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Empty_columns_are_named()
    {
        using var place = new Place();
        var file = Place.Read(place.Write("p.csv", "id,name,phone\n1,Anna,\n2,Ben,\n"));
        file.EmptyColumns.ShouldBe(["phone"]);
        file.Warnings.ShouldContain(w => w.Code == "matching.empty-column");
    }

    [Fact]
    public void A_large_packed_file_with_line_breaks_in_quotes_is_read_over_all_pieces()
    {
        using var place = new Place();
        var text = new StringBuilder("id,name,note\n");
        for (var i = 0; i < 120_000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"r{i},\"Name {i % 977}\",\"said \"\"{i}\"\",\n and left\"\n");
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        var file = Place.Read(place.Write("p.csv.gz", packed.ToArray()));
        file.Table.Rows.ShouldBe(120_000);
        file.AsideCount.ShouldBe(0);
        Place.Ids(file.Table)[119_999].ShouldBe("r119999");
        Place.Column(file, "note")[77_777].ShouldBe("said \"77777\",\n and left");
        Place.Column(file, "name")[1_000].ShouldBe("Name 23");
    }

    [Fact]
    public void Any_table_written_as_CSV_is_read_back() =>
        Prop.ForAll(Gen.ArrayOf(Gen.ArrayOf(Gen.Elements("", "a", "b,c", "d\"e", "f\ng", "é", "王", " ")).Select(cells => cells.Take(3).Concat(["", "", ""]).Take(3).ToArray())).ToArbitrary(), rows =>
        {
            using var place = new Place();
            var text = "id,x,y,z\n" + string.Concat(rows.Select((cells, i) => $"k{i}," + string.Join(',', cells.Select(c => "\"" + c.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")) + "\n"));
            var file = Place.Read(place.Write("p.csv", text));
            return file.AsideCount == 0 && file.Table.Rows == rows.Length
                && Enumerable.Range(0, 3).All(c => Place.Column(file, "xyz"[c].ToString()).SequenceEqual(rows.Select(r => r[c])));
        }).QuickCheckThrowOnFailure();
}
