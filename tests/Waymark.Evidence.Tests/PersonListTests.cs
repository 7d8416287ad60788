using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>M50: a list of persons dropped as evidence.</summary>
public sealed class PersonListTests
{
    private static readonly string[] Given = ["Amina", "Juan", "Wei", "Fatou", "Olena", "Samir", "Rosa", "Minh"];
    private static readonly string[] Family = ["Hassan", "García", "Wang", "Diallo", "Kovalenko", "Haddad", "Quispe", "Nguyen"];

    private static readonly string[][] Headers =
    [
        ["First name", "Last name", "Phone", "Nationality"], ["Full Name", "Date of Birth", "Camp"], ["Nom", "Prénom", "Téléphone"], ["Nombre", "Apellidos", "Pasaporte"],
        ["姓名", "电话", "国籍"], ["姓名", "出生日期", "证件号码"], ["Name", "Passport No.", "Arrival"], ["Case number", "Given name", "Family name", "Age"], ["ID Number", "Full name", "Phone number"],
        ["الاسم الكامل", "رقم الهاتف", "تاريخ الميلاد"], ["Beneficiary name", "Mobile", "District"], ["E-mail", "Name", "Country"], ["SURNAME", "GIVEN NAMES", "DOB", "PASSPORT NUMBER"], ["фамилия", "имя", "телефон"],
    ];

    [Fact]
    public async Task M50_of_two_hundred_invented_lists_at_least_95_in_100_are_stopped()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        var stopped = 0;
        for (var i = 0; i < 200; i++)
        {
            var report = await harness.ImportAsync($"list{i}.csv", Encoding.UTF8.GetBytes(List(i)), dryRun: true);
            stopped += report.State == ImportState.Quarantined ? 1 : 0;
            report.Cells.Observations.ShouldBe(0);
        }

        stopped.ShouldBeGreaterThanOrEqualTo(190);
    }

    [Fact]
    public async Task M50_a_stopped_list_is_kept_only_encrypted_and_can_be_shredded()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        const string seed = "Zqxwvplanted";
        var bytes = Encoding.UTF8.GetBytes($"First name,Last name,Phone\n{seed},Hassan,+254 712 345678\nOther,Person,+254 712 345679\n");
        var report = await harness.ImportAsync("camp-list.csv", bytes);
        report.State.ShouldBe(ImportState.Quarantined);
        report.Error!.In("en").ShouldNotContain(seed);
        Holds(harness.Folder, seed).ShouldBeFalse();
        (await harness.Evidence.ShredQuarantinedAsync(report.Sha256, "officer", CancellationToken.None)).Value.ShouldBeTrue();
        Holds(harness.Folder, seed).ShouldBeFalse();
        (await harness.Evidence.SnapshotAsync(report.Sha256, CancellationToken.None)).Error!.Kind.ShouldBe(ErrorKind.NotFound);
    }

    private static bool Holds(string folder, string seed) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(seed)) >= 0;
    });

    private static string List(int i)
    {
        var random = new Random(i);
        var header = Headers[i % Headers.Length];
        var text = new StringBuilder(i % 3 == 0 ? "Registration list\n\n" : "").AppendJoin(',', header).Append('\n');
        for (var row = 0; row < 3 + random.Next(20); row++)
        {
            text.AppendJoin(',', header.Select(label => Value(label, random))).Append('\n');
        }

        return text.ToString();
    }

    private static string Value(string label, Random random)
    {
        var word = label.ToLowerInvariant();
        if (word.Contains("phone", StringComparison.Ordinal) || word.Contains("mobile", StringComparison.Ordinal) || word is "téléphone" or "电话" or "رقم الهاتف" or "телефон")
        {
            return $"+{random.Next(20, 98)} {random.Next(100, 999)} {random.Next(100000, 999999)}";
        }

        return word switch
        {
            "date of birth" or "dob" or "出生日期" or "تاريخ الميلاد" => $"{random.Next(1950, 2020)}-{random.Next(1, 12):00}-{random.Next(1, 28):00}",
            "pasaporte" or "证件号码" or "passport no." or "id number" or "passport number" => $"{(char)random.Next('A', 'Z')}{random.Next(1000000, 9999999)}",
            "case number" => $"KEN-{random.Next(10, 99)}C{random.Next(10000, 99999)}",
            "e-mail" => $"user{random.Next(1000)}@example.org",
            "nationality" or "国籍" or "country" => "Kenya",
            "age" => random.Next(1, 80).ToString(System.Globalization.CultureInfo.InvariantCulture),
            "camp" or "district" or "arrival" => "North",
            _ => word.Contains("full", StringComparison.Ordinal) || word is "name" or "姓名" or "beneficiary name" or "الاسم الكامل"
                ? $"{Given[random.Next(8)]} {Family[random.Next(8)]}" : Given[random.Next(8)],
        };
    }
}
