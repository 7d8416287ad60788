using System.Text;
using Waymark.App.CommandLine;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>A seeker and a holder who show each other nothing but tags, by the verbs and files they would use; all persons are invented.</summary>
public sealed class TokenChannelCommandTests
{
    private const string Sought = "id,given_name,family_name,birth_date\nS1,محمد,حسن,1990-03-04\nS2,Olena,Kovalenko,1985-01-01\nS3,Nobody,Here,1970-05-05\n";
    private const string Held = "id,given_name,family_name,birth_date,phone\nH1,Mohammed,Hassan,1990-03-04,\n\"H2, x\",Kovalenko,Olena,1986,\nH3,Someone,Else,1990-03-04,\n";

    [Fact]
    public async Task M42_the_holder_finds_candidates_the_seeker_a_number_and_the_budget_counts_over_calls()
    {
        using var call = await AskedAsync();
        File.GetUnixFileMode(Path.Combine(call.Folder, "epoch.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.Combine(call.Folder, "holder.state")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await DoneAsync(call, "answer ask.wmt --key epoch.key --budget 256 --out answer.wmt --json");
        call.Output.ShouldContain("\"answered\":256");
        await DoneAsync(call, "compare answer.wmt --state holder.state --out candidates.csv");
        Read(call, "candidates.csv").ShouldBe("id,keys\nH1,name+year\n\"H2, x\",name+year\n");
        foreach (var crossed in (string[])["request.wmt", "ask.wmt", "answer.wmt"])
        {
            // What crosses is made of a header, Base64 of fixed lengths and a hash: no name, no id, no date has room in it.
            Read(call, crossed).Split('\n')[1..^2].ShouldAllBe(line => line.Length == 44 || line.Length == 88, crossed);
        }

        // The same ask again is answered and not counted; another is over the budget and refused whole.
        await DoneAsync(call, "answer ask.wmt --key epoch.key --budget 256 --out again.wmt --json");
        call.Output.ShouldContain("\"retry\":true");
        call.Output.ShouldContain("\"spent\":256");
        await DoneAsync(call, "compare again.wmt --state holder.state");
        call.Output.ShouldContain("H1,name+year");
        await DoneAsync(call, "ask held.csv --id id --request request.wmt --out second.wmt --state second.state");
        await RefusedAsync(call, "answer second.wmt --key epoch.key --budget 511 --out second-answer.wmt", ExitCode.Refused, "linkage.token-budget");
        File.Exists(Path.Combine(call.Folder, "second-answer.wmt")).ShouldBeFalse();
        await DoneAsync(call, "answer second.wmt --key epoch.key --budget 512 --out second-answer.wmt");
        await RefusedAsync(call, "compare second-answer.wmt --state holder.state --out x.csv", ExitCode.Refused, "linkage.token-answer");

        // Without its count, or with that of another key, the key answers nothing: deleting a file gives no new budget.
        var spent = Path.Combine(call.Folder, "epoch.key.spent");
        await DoneAsync(call, "seek sought.csv --id id --out other.wmt --key other.key");
        File.Copy(Path.Combine(call.Folder, "other.key.spent"), spent, overwrite: true);
        await RefusedAsync(call, "answer ask.wmt --key epoch.key --budget 9999 --out x.wmt", ExitCode.Refused, "matching.token-spent");
        File.Delete(spent);
        await RefusedAsync(call, "answer ask.wmt --key epoch.key --budget 9999 --out x.wmt", ExitCode.Refused, "matching.token-spent");
    }

    [Fact]
    public async Task Wrong_order_other_keys_damage_and_taken_names_are_said()
    {
        using var call = await AskedAsync();
        await DoneAsync(call, "seek sought.csv --id id --out other.wmt --key other.key");
        await RefusedAsync(call, "answer ask.wmt --key other.key --budget 999 --out x.wmt", ExitCode.Refused, "linkage.token-epoch");
        await RefusedAsync(call, "answer request.wmt --key epoch.key --budget 999 --out x.wmt", ExitCode.Usage, "linkage.token-file-kind");
        await RefusedAsync(call, "compare ask.wmt --state holder.state --out x.csv", ExitCode.Usage, "linkage.token-file-kind");
        await RefusedAsync(call, "answer held.csv --key epoch.key --budget 999 --out x.wmt", ExitCode.Usage, "linkage.token-file");
        await RefusedAsync(call, "answer ask.wmt --key epoch.key --budget 0 --out x.wmt", ExitCode.Usage, "link.budget");
        await RefusedAsync(call, "answer ask.wmt --key absent.key --budget 999 --out x.wmt", ExitCode.NotFound, "matching.unreadable");
        await RefusedAsync(call, "seek sought.csv --id id --out r.wmt --key epoch.key", ExitCode.Conflict, "link.tokens-exists");
        await RefusedAsync(call, "ask held.csv --id id --request request.wmt --out a.wmt --state holder.state", ExitCode.Conflict, "link.tokens-exists");
        await RefusedAsync(call, "seek sought.csv --id id --out one.key --key ./one.key", ExitCode.Usage, "link.same-file");
        File.Exists(Path.Combine(call.Folder, "one.key")).ShouldBeFalse();
        using (new FileStream(Path.Combine(call.Folder, "epoch.key"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // Another call is answering under the key: both could spend what is left.
            await RefusedAsync(call, "answer ask.wmt --key epoch.key --budget 999 --out x.wmt", ExitCode.NotFound, "matching.unreadable");
        }

        call.Write("bare.csv", "id,given_name\n1,Ana\n");
        await RefusedAsync(call, "seek bare.csv --id id --out r.wmt --key r.key", ExitCode.Usage, "matching.no-keys");

        // One letter changed, one line lost, one version on.
        var ask = Read(call, "ask.wmt");
        var lines = ask.Split('\n');
        call.Write("changed.wmt", ask.Replace(lines[5], lines[6], StringComparison.Ordinal));
        call.Write("short.wmt", ask.Replace(lines[5] + "\n", "", StringComparison.Ordinal));
        call.Write("cut.wmt", ask[..(ask.Length / 2)]);
        foreach (var file in (string[])["changed.wmt", "short.wmt", "cut.wmt"])
        {
            await RefusedAsync(call, $"answer {file} --key epoch.key --budget 999 --out x.wmt", ExitCode.Usage, "linkage.token-file-damaged");
        }

        call.Write("later.wmt", ask.Replace("asked/1", "asked/2", StringComparison.Ordinal));
        await RefusedAsync(call, "answer later.wmt --key epoch.key --budget 999 --out x.wmt", ExitCode.Usage, "linkage.token-file-version");
        File.Exists(Path.Combine(call.Folder, "x.wmt")).ShouldBeFalse();

        // Nothing of all this was counted.
        await DoneAsync(call, "answer ask.wmt --key epoch.key --budget 256 --out answer.wmt");
    }

    [Theory]
    [InlineData("seek marked.csv --id id --out r.wmt --key r.key")]
    [InlineData("ask marked.csv --id id --request r.wmt --out a.wmt --state a.state")]
    [InlineData("answer marked.csv --key r.key --budget 999 --out x.wmt")]
    [InlineData("compare marked.csv --state a.state --out x.csv")]
    public async Task M03_every_verb_refuses_a_marked_export(string words)
    {
        using var call = new Called();
        call.Write("marked.csv", "# waymark-export register=tracing\nid,given_name,family_name\n1,Ana,Bela\n");
        await RefusedAsync(call, words, ExitCode.Refused, "matching.marked-export");
    }

    private static async Task<Called> AskedAsync()
    {
        var call = new Called();
        call.Write("sought.csv", Sought);
        call.Write("held.csv", Held);
        await DoneAsync(call, "seek sought.csv --id id --out request.wmt --key epoch.key");
        var commitment = System.Text.RegularExpressions.Regex.Match(call.Error, "[0-9a-f]{64}").Value;
        commitment.ShouldNotBeEmpty();
        await DoneAsync(call, "ask held.csv --id id --request request.wmt --out ask.wmt --state holder.state");
        call.Error.ShouldContain(commitment);
        return call;
    }

    private static string Read(Called call, string file) => File.ReadAllText(Path.Combine(call.Folder, file), Encoding.UTF8);

    private static async Task DoneAsync(Called call, string words)
    {
        await call.RunAsync([.. $"link tokens {words}".Split(' ')]);
        call.Code.ShouldBe(ExitCode.Done, words + call.Error);
    }

    private static async Task RefusedAsync(Called call, string words, int code, string error)
    {
        await call.RunAsync([.. $"link tokens {words} --json".Split(' ')]);
        call.Error.ShouldContain($"\"{error}\"", Case.Sensitive, words);
        call.Code.ShouldBe(code, words);
    }
}
