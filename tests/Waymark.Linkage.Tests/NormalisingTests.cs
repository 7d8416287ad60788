using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

public sealed class NormalisingTests
{
    private readonly NameFolder _folder = new(Tables.Knowledge);
    private readonly Transliterator _transliterator = new(Tables.Knowledge);

    [Theory]
    [InlineData("José  GARCÍA-Pérez", "jose garcia perez")]
    [InlineData("O'Reilly", "oreilly")]
    [InlineData("Łukasz Groß", "lukasz gross")]
    [InlineData("أحمد الأَحْمَد", "احمد الاحمد")]
    [InlineData("Nguyễn Hữu Đức", "nguyen huu duc")]
    [InlineData("١٩٨٥-٠٣-٠٤", "1985 03 04")]
    [InlineData("Ｗａｎｇ", "wang")]
    [InlineData("Кирилл Ёлкин", "кирилл елкин")]
    public void A_name_is_folded_to_one_form(string written, string folded) => _folder.Fold(written).ShouldBe(folded);

    [Fact]
    public void Zawgyi_and_Unicode_Burmese_fold_to_the_same_name()
    {
        Zawgyi.Looks("ေအာင္ဝင္း").ShouldBeTrue();
        Zawgyi.Looks("အောင်ဝင်း").ShouldBeFalse();
        _folder.Fold("ေအာင္ဝင္း").ShouldBe(_folder.Fold("အောင်ဝင်း"));
        _folder.Fold("ေက်ာ္").ShouldBe(_folder.Fold("ကျော်"));
        _folder.Fold("ၾကည္").ShouldBe(_folder.Fold("ကြည်"));
    }

    [Theory]
    [InlineData("王伟", "wangwei", "garcia")]
    [InlineData("陈", "chan", "smith")]
    [InlineData("张", "chang", "lopez")]
    [InlineData("محمد", "mohammed", "yasmin")]
    [InlineData("محمد", "muhammad", "karim")]
    [InlineData("наталья", "natalia", "dmitri")]
    [InlineData("สมชาย", "somchai", "wichai")]
    [InlineData("សុខ", "sok", "pich")]
    [InlineData("김", "kim", "park")]
    [InlineData("マリア", "maria", "kenji")]
    [InlineData("דוד", "david", "rachel")]
    [InlineData("ခင်", "khin", "aung")]
    public void A_name_in_another_script_fits_its_Latin_spelling_better_than_a_strangers(string native, string own, string other)
    {
        var units = _transliterator.Units(_folder.Fold(native));
        var evidence = _transliterator.Evidence(units, Encoding.ASCII.GetBytes(own));
        evidence.ShouldBeGreaterThan(0);
        evidence.ShouldBeGreaterThan(_transliterator.Evidence(units, Encoding.ASCII.GetBytes(other)) + 6);
    }

    [Theory]
    [InlineData(Script.Arabic, "محمد", "mohammed", 1)]
    [InlineData(Script.Arabic, "خديج", "smith", 1)]
    [InlineData(Script.Han, "张伟", "zhangwei", 1)]
    [InlineData(Script.Cyrillic, "щука", "shchuka7", 1)]
    [InlineData(Script.Arabic, "محمد", "mohammed", 80)]
    [InlineData(Script.Arabic, "م", "m", 400)]
    public void Evidence_is_the_sum_over_all_ways_to_write_the_letters(Script script, string native, string latin, int times)
    {
        var table = Tables.Knowledge.SpellingsOf(script);
        Spelling[][] letters = [.. string.Concat(Enumerable.Repeat(native, times)).Select(letter => table[letter.ToString()])];
        var name = string.Concat(Enumerable.Repeat(latin, times));
        var evidence = _transliterator.Evidence(_transliterator.Units(string.Concat(Enumerable.Repeat(native, times))), Encoding.ASCII.GetBytes(name));
        evidence.ShouldBe(Defined(letters, name), 1e-6);
    }

    /// <summary>log2 of the sum, and of the probability of the letters by themselves, written down as the method page says it.</summary>
    private static double Defined(Spelling[][] letters, string name)
    {
        static double Add(double a, double b) => Math.Max(a, b) is var top && double.IsNegativeInfinity(top) ? top : top + Math.Log2(Math.Pow(2, a - top) + Math.Pow(2, b - top));
        var before = Enumerable.Repeat(double.NegativeInfinity, name.Length + 1).ToArray();
        before[0] = 0;
        foreach (var spellings in letters)
        {
            var after = Enumerable.Repeat(double.NegativeInfinity, name.Length + 1).ToArray();
            for (var at = 0; at <= name.Length; at++)
            {
                after[at] = Add(after[at], before[at] - 5.5);
                if (at < name.Length)
                {
                    after[at + 1] = Add(after[at + 1], before[at] - 5.5 - 2);
                }

                foreach (var spelling in spellings.Where(s => name.AsSpan(at).StartsWith(s.Latin)))
                {
                    after[at + spelling.Latin.Length] = Add(after[at + spelling.Latin.Length], before[at] + spelling.Log2);
                }
            }

            for (var at = 1; at <= name.Length; at++)
            {
                after[at] = Add(after[at], after[at - 1] - 5.5 + Math.Log2(0.15));
            }

            before = after;
        }

        return before[^1] + (3.7 * name.Length);
    }

    [Theory]
    [InlineData("U Aung Win", "aung win")]
    [InlineData("Abu Hussein Mahmoud", "hussein mahmoud")]
    [InlineData("Khaled Al-Ansari", "khaled ansari")]
    [InlineData("U", "u")]
    public void Honorifics_and_particles_are_dropped_but_never_the_whole_name(string written, string kept)
    {
        var parts = new List<string>();
        new NameTokens(Tables.Knowledge).Split(_folder.Fold(written), parts);
        string.Join(' ', parts).ShouldBe(kept);
    }

    [Fact]
    public void M71_words_for_unknown_are_no_name()
    {
        foreach (var word in new[] { "UNKNOWN", "Unknown Unknown", "n/a", "  ", "未知", "غير معروف", "-" })
        {
            _folder.IsPlaceholder(_folder.Fold(word)).ShouldBeTrue(word);
        }

        _folder.IsPlaceholder(_folder.Fold("Nina")).ShouldBeFalse();
    }

    [Fact]
    public void Folding_is_total_and_folding_twice_changes_nothing() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Where(s => s is not null).ToArbitrary(), s =>
        {
            var once = new NameFolder(Tables.Knowledge).Fold(s);
            return new NameFolder(Tables.Knowledge).Fold(once) == once;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Search_keys_of_one_name_in_two_scripts_or_spellings_meet()
    {
        var keys = new NameKeys(Tables.Knowledge);
        keys.Of("王伟").ShouldNotBeEmpty();
        keys.Of("Bob Smith").Intersect(keys.Of("Robert Smith")).ShouldContain(k => k.Kind == NameKeyKind.Variant);
        keys.Of("иванов").Select(k => k).Intersect(keys.Of("Ivanov")).ShouldContain(k => k.Kind == NameKeyKind.Skeleton);
        keys.Of("unknown").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("господин Иван Петренко", "иван петренко")]
    [InlineData("מר דוד כהן", "דוד כהן")]
    [InlineData("王小明先生", "王小明")]
    [InlineData("王先生", "王先生")]
    [InlineData("山田太郎様", "山田太郎")]
    [InlineData("김민수 씨", "김민수")]
    [InlineData("김민수님", "김민수")]
    public void Honorifics_of_other_languages_are_no_part_of_a_name(string written, string name)
    {
        var folder = new NameFolder(Tables.Knowledge);
        var (parts, expected) = (new List<string>(), new List<string>());
        new NameTokens(Tables.Knowledge).Split(folder.Fold(written), parts);
        new NameTokens(Tables.Knowledge).Split(folder.Fold(name), expected);
        parts.ShouldBe(name == written ? [folder.Fold(name)] : expected);
        expected.Count.ShouldBe(name.Split(' ').Length);
    }
}
