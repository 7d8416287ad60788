using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Waymark.Casework.Files;
using Waymark.Formats.Cleaning;
using Waymark.Model;

namespace Waymark.Casework.Tests.Files;

/// <summary>What a file is, by its content alone; what is kept of it; what is refused.</summary>
public sealed class FileKindTests
{
    private const string Seed = "GPS-12.3456N-98.7654E-KHARTAL";

    private static readonly FileLimits s_limits = new(Pixels: 1_000_000);

    private static Result<CleanFile> Clean(byte[] content) => FileKinds.Clean(content, s_limits);

    private static string? Fault(byte[] content) => Clean(content).Error?.Code;

    [Fact]
    public void A_photograph_loses_its_position_its_comment_and_what_follows_its_end_but_not_which_way_is_up()
    {
        var sent = Samples.WithExif(Seed);
        var kept = Clean(sent).Value;
        kept.Kind.ShouldBe(FileKind.Jpeg);
        kept.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Seed)).ShouldBe(-1);
        kept.Content.AsSpan().IndexOf("PK\u0003\u0004"u8).ShouldBe(-1, "an archive behind the picture is gone");
        kept.Content[^2..].ShouldBe([0xFF, 0xD9]);
        kept.Content.AsSpan().IndexOf("Exif\0\0MM"u8).ShouldBeGreaterThan(0);
        Clean(Samples.WithExif(Seed, 1)).Value.Content.AsSpan().IndexOf("Exif"u8).ShouldBe(-1);
        Clean(kept.Content).Value.Content.ShouldBe(kept.Content, "written anew twice is written anew once");
    }

    [Fact]
    public void Baseline_and_progressive_pictures_keep_their_tables_and_points()
    {
        foreach (var sent in new[] { Samples.Jpeg, Samples.Progressive })
        {
            Clean(sent).Value.Content.AsSpan(20).ToArray().ShouldBe(sent.AsSpan(20).ToArray());
        }
    }

    [Fact]
    public void A_png_keeps_header_palette_and_points_and_nothing_else()
    {
        var kept = Clean([.. Samples.Png(5, 4, null, ("tEXt", Encoding.ASCII.GetBytes("Comment\0" + Seed)), ("eXIf", Encoding.ASCII.GetBytes(Seed))), .. "<script>alert(1)</script>"u8]).Value;
        kept.Kind.ShouldBe(FileKind.Png);
        kept.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Seed)).ShouldBe(-1);
        kept.Content.AsSpan().IndexOf("script"u8).ShouldBe(-1);
        Clean(kept.Content).IsOk.ShouldBeTrue();
        var interlaced = Clean(Samples.Interlaced).Value.Content;
        interlaced.AsSpan().IndexOf("tEXt"u8).ShouldBe(-1);
        interlaced.AsSpan().IndexOf("date:create"u8).ShouldBe(-1);
    }

    [Fact]
    public void A_bomb_of_points_is_refused_before_it_is_unpacked__M89()
    {
        Fault(Samples.Png(60_000, 60_000, new byte[10])).ShouldBe("file.pixels");
        var wide = (byte[])Samples.Jpeg.Clone();
        var frame = wide.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        wide.AsSpan(frame + 5, 4).Fill(0xFF);
        Fault(wide).ShouldBe("file.pixels");
        // More points than the header tells, and fewer.
        Fault(Samples.Png(4, 4, new byte[50_000_000])).ShouldBe("file.damaged");
        Fault(Samples.Png(4, 4, new byte[10])).ShouldBe("file.damaged");
    }

    [Theory]
    [InlineData("GIF89a......")]
    [InlineData("MZ\u0001\u0002\u0003")]
    [InlineData("\u007fELF\u0001")]
    [InlineData("Rar!\u001a\u0007")]
    public void Other_kinds_are_not_kept_whatever_their_name(string content) => Fault([.. Encoding.Latin1.GetBytes(content), 0, 0xFE]).ShouldBe("file.kind");

    [Fact]
    public void An_empty_file_is_refused_and_markup_is_only_text()
    {
        Fault([]).ShouldBe("file.empty");
        var markup = Clean("<html><script>alert(1)</script>"u8.ToArray()).Value;
        (markup.Kind, markup.Media, markup.IsRewritten).ShouldBe((FileKind.Text, "text/plain", false));
    }

    [Theory]
    [InlineData("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "file.active")]
    [InlineData("/OpenAction << /S /J#61vaScript >>", "file.active")]
    [InlineData("/Names << /EmbeddedFiles 3 0 R >>", "file.active")]
    [InlineData("/AA << /O << /S /Launch >> >>", "file.active")]
    [InlineData("/AcroForm << /XFA [1 0 R] >>", "file.active")]
    [InlineData("/Encrypt 4 0 R", "file.active")]
    [InlineData("/OpenAction [3 0 R /Fit]", null)]
    public void A_pdf_that_can_act_is_refused(string inside, string? fault)
    {
        Fault(Samples.Pdf(inside)).ShouldBe(fault);
        Fault(Samples.Pdf("", Samples.Pack(Encoding.ASCII.GetBytes("<< " + inside + " >>")))).ShouldBe(fault, "inside a packed stream");
    }

    [Fact]
    public void A_pdf_with_something_behind_its_end_is_refused() => Fault([.. Samples.Pdf(), .. Samples.Docx()]).ShouldBe("file.damaged");

    [Fact]
    public void An_office_document_that_can_act_is_refused__M89()
    {
        var plain = Samples.Docx();
        (Clean(plain).Value.Kind, Clean(plain).Value.IsRewritten).ShouldBe((FileKind.Office, false));
        OfficeCheck.Ending(plain).ShouldBe("docx");
        Fault(Samples.Docx(("word/vbaProject.bin", "x"))).ShouldBe("file.active");
        Fault(Samples.Docx(("word/embeddings/oleObject1.bin", "x"))).ShouldBe("file.active");
        Fault(Samples.Docx(("word/_rels/settings.xml.rels", """<Relationships><Relationship Type="x/attachedTemplate" Target="http://a.invalid/t.dotm" TargetMode="External"/></Relationships>"""))).ShouldBe("file.active");
        Fault(Samples.Docx(("word/_rels/document.xml.rels", """<Relationships><Relationship Type="x/hyperlink" Target="http://a.invalid/" TargetMode="External"/></Relationships>"""))).ShouldBeNull();
        Fault(Samples.Docx(("word/_rels/document.xml.rels", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"))).ShouldBe("file.damaged");
        Fault([.. plain, .. "tail"u8]).ShouldBe("file.damaged");
        Fault(Samples.Docx(("word/media/bomb.bin", new string('0', 210 << 20)))).ShouldBe("file.damaged");
    }

    [Fact]
    public void No_changed_byte_makes_it_throw_or_grow()
    {
        byte[][] samples = [Samples.Jpeg, Samples.Progressive, Samples.Interlaced, Samples.WithExif(Seed), Samples.Png(9, 7), Samples.Pdf("/A /B", Samples.Pack(new byte[500])), Samples.Docx()];
        var mutants = Gen.Choose(0, samples.Length - 1).SelectMany(one => Gen.Choose(0, samples[one].Length - 1).Two().SelectMany(at => Gen.Choose(0, 255).Select(value =>
        {
            var mutant = (byte[])samples[one].Clone();
            (mutant[at.Item1], mutant[at.Item2]) = ((byte)value, (byte)~value);
            return value % 5 == 0 ? mutant[..at.Item1] : mutant;
        })));
        Prop.ForAll(mutants.ToArbitrary(), mutant => !Clean(mutant).IsOk || Clean(mutant).Value.Content.Length <= (2 * mutant.Length) + 200).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }
}
