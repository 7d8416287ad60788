using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Matching.Tests;

/// <summary>Numbers of links.csv stand there as the class library would write them, without zeros at the end.</summary>
public sealed class PlainNumberTests
{
    private static readonly Gen<(double Value, int Digits)> s_numbers =
        from whole in Gen.Choose(-2_000, 2_000)
        from part in Gen.Frequency((4, Gen.Choose(0, 99_999_999)), (1, Gen.Elements(0, 50_000_000, 99_999_999, 10_000_000, 1)))
        from digits in Gen.Elements(3, 6)
        select (whole + (part / 1e8), digits);

    [Fact]
    public void A_number_reads_as_the_class_library_writes_it() =>
        Prop.ForAll(s_numbers.ToArbitrary(), x => Written(x.Value, x.Digits) == Library(x.Value, x.Digits)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 6, "0")]
    [InlineData(1, 6, "1")]
    [InlineData(0.5, 6, "0.5")]
    [InlineData(0.0000004, 6, "0")]
    [InlineData(-0.0004, 3, "0")]
    [InlineData(-10, 3, "-10")]
    [InlineData(64.125, 3, "64.125")]
    public void Zeros_at_the_end_and_a_sign_before_nothing_are_left_out(double value, int digits, string text) => Written(value, digits).ShouldBe(text);

    private static string Written(double value, int digits) => Encoding.ASCII.GetString(PlainNumber.Write(value, digits, new byte[PlainNumber.Longest]));

    private static string Library(double value, int digits)
    {
        var text = Math.Round(value, digits).ToString("F" + digits, CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.');
        return text is "-0" ? "0" : text;
    }
}
