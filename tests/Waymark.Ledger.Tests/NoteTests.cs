using System.Text;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Ledger.Tests;

/// <summary>Signed notes, checkpoints and cosignatures against notes that others made.</summary>
public sealed class NoteTests
{
    /// <summary>The example of golang.org/x/mod/sumdb/note, from which C2SP signed-note comes.</summary>
    private const string PeterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private const string PeterText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

    private const string PeterLine =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

    /// <summary>
    /// A checkpoint that a public log of certificates signed and public witnesses cosigned in May 2026 (C2SP tlog-checkpoint,
    /// tlog-cosignature); its first line is a signature of another kind that a reader must pass over.
    /// </summary>
    private const string Public = """
        arche2025h1.staging.ct.transparency.dev
        1432088532
        U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

        — arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
        — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
        — transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
        — witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
        — remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
        — witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==

        """;

    private static readonly string[] PublicKeys =
    [
        "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
        "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    ];

    [Fact]
    public void C2SP_signed_note_the_example_verifies_and_is_made_again_byte_for_byte()
    {
        var key = NoteKey.Parse(PeterKey).Value;
        key.ToString().ShouldBe(PeterKey);
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes($"{PeterText}\n{PeterLine}\n")).Value;
        note.Text.ShouldBe(PeterText);
        note.Statements(Log.Ed25519, key)!.Single().Key.ShouldBe(key);

        // PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz
        var seed = Convert.FromBase64String("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1..];
        var signer = new NoteSigner(Log.Ed25519, "PeterNeumann", NoteKeyType.Ed25519, seed);
        signer.Key.ToString().ShouldBe(PeterKey);
        signer.Sign(PeterText, default).ToString().ShouldBe(PeterLine);
    }

    [Theory]
    [InlineData("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")]
    [InlineData("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2")]
    public void C2SP_signed_note_keys_of_others_are_read_and_written_alike(string key) =>
        NoteKey.Parse(key).Value.ToString().ShouldBe(key);

    [Theory]
    [InlineData("")]
    [InlineData("EnochRoot+af0cfe78")]
    [InlineData("EnochRoot+af0cfe79+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")]
    [InlineData("Enoch Root+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")]
    [InlineData("EnochRoot+af0cfe78+BjtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")]
    [InlineData("EnochRoot+af0cfe78+ATtqJ7zO")]
    public void What_is_no_key_is_refused(string text) => NoteKey.Parse(text).Error!.Code.ShouldBe("ledger.bad-key");

    [Fact]
    public void C2SP_tlog_cosignature_public_witnesses_of_a_public_log_verify_with_their_time()
    {
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes(Public)).Value;
        var checkpoint = Checkpoint.Parse(note.Text).Value;
        checkpoint.Origin.ShouldBe("arche2025h1.staging.ct.transparency.dev");
        checkpoint.Size.ShouldBe(1_432_088_532);
        checkpoint.Text.ShouldBe(note.Text);
        note.ToString().ShouldBe(Public);

        var statements = note.Statements(Log.Ed25519, PublicKeys.Select(key => NoteKey.Parse(key).Value))!;
        statements.Count.ShouldBe(5);
        statements.Count(s => s.Witnessed is null).ShouldBe(1);
        statements.Where(s => s.Witnessed is not null).ShouldAllBe(s => s.Witnessed == DateTimeOffset.FromUnixTimeSeconds(0x6a122120));

        var changed = note with { Text = note.Text.Replace("1432088532", "1432088533", StringComparison.Ordinal) };
        PublicKeys.Count(key => changed.Statements(Log.Ed25519, NoteKey.Parse(key).Value) is not null).ShouldBe(0);
    }

    [Fact]
    public void A_log_key_never_passes_for_a_witness_of_the_same_name()
    {
        var log = new NoteSigner(Log.Ed25519, "same.example", NoteKeyType.Ed25519, Log.Seed("x"));
        var witness = new NoteSigner(Log.Ed25519, "same.example", NoteKeyType.Cosignature, Log.Seed("x"));
        log.Key.Id.ShouldNotBe(witness.Key.Id);
        var note = new SignedNote("same.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", []);
        witness.Key.Check(Log.Ed25519, note.Text, log.Sign(note.Text, default)).ShouldBeNull();
        log.Key.Check(Log.Ed25519, note.Text, witness.Sign(note.Text, Log.Start)).ShouldBeNull();
    }

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n- name AAAAAAAA\n")]
    [InlineData("text\n\n— name AAAA\n")]
    [InlineData("text\n\n— name with space AAAAAAAAAAAA\n")]
    [InlineData("te\u0001xt\n\n— name AAAAAAAAAAAA\n")]
    public void What_is_no_note_is_refused(string text) =>
        SignedNote.Parse(Encoding.UTF8.GetBytes(text)).Error!.Code.ShouldBe("ledger.bad-note");

    [Theory]
    [InlineData("o\n1\n")]
    [InlineData("o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==\n")]
    [InlineData("o\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n99999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")]
    public void What_is_no_checkpoint_is_refused(string text) =>
        Checkpoint.Parse(text).Error!.Code.ShouldBe("ledger.bad-checkpoint");

    [Fact]
    public void C2SP_tlog_proof_a_proof_travels_alone_and_comes_back_the_same()
    {
        var log = Log.Of(300);
        var made = new InclusionNote(log.Entries[270], 270, Proof.Inclusion(270, 300, log.Read)!, log.Signed(300, Log.Start.AddHours(1)));
        made.ToString().ShouldStartWith("c2sp.org/tlog-proof@v1\nextra ");
        var read = InclusionNote.Parse(made.ToBytes()).Value;
        read.ToString().ShouldBe(made.ToString());
        var checkpoint = Checkpoint.Parse(read.Note.Text).Value;
        Proof.IsIncluded(Merkle.Leaf(read.Extra!.Value.Span), read.Index, checkpoint.Size, checkpoint.Root, read.Path).ShouldBeTrue();
        InclusionNote.Parse("c2sp.org/tlog-proof@v1\nindex 01\n\n"u8).Error!.Code.ShouldBe("ledger.bad-proof");
        InclusionNote.Parse("other\nindex 1\n\n"u8).Error!.Code.ShouldBe("ledger.bad-proof");
        InclusionNote.Parse("c2sp.org/tlog-proof@v1\nindex 1\nnot a hash\n\n"u8).Error!.Code.ShouldBe("ledger.bad-proof");
    }

    [Fact]
    public void C2SP_tlog_witness_cosigns_growth_and_refuses_everything_else()
    {
        var log = Log.Of(600);
        var fork = Log.Of(600, seed: 9_000);
        WitnessAnswer Ask(Log whose, long old, long size, WitnessedTree? last, long? proofFrom = null) => Witness.Consider(
            Witness.Request(old, Proof.Consistency(proofFrom ?? old, size, whose.Read)!, whose.Signed(size)),
            log.Signer.Key.Name, log.Signer.Key, last, log.Witness, Log.Ed25519, Log.Start);

        var first = Ask(log, 0, 256, null);
        first.Status.ShouldBe(200);
        var line = SignedNote.ReadLine(first.Body.TrimEnd('\n'))!;
        log.Witness.Key.Check(Log.Ed25519, log.At(256).Text, line)!.Witnessed.ShouldBe(Log.Start);
        var kept = first.Keep!;
        Ask(log, 256, 600, kept).Status.ShouldBe(200);
        Ask(log, 256, 256, kept).Status.ShouldBe(200);
        Ask(log, 0, 600, kept).ShouldBe(new(409, "256\n", null));
        Ask(log, 256, 600, kept, proofFrom: 255).Status.ShouldBe(422);
        Ask(fork, 256, 600, kept).Status.ShouldBe(422);
        Ask(fork, 256, 256, kept).Status.ShouldBe(409);
        Witness.Consider(Witness.Request(0, [], new SignedNote(fork.At(3).Text, [log.Witness.Sign(fork.At(3).Text, Log.Start)])),
            log.Signer.Key.Name, log.Signer.Key, null, log.Witness, Log.Ed25519, Log.Start).Status.ShouldBe(403);
        Witness.Consider(Witness.Request(0, [], log.Signed(3)), "another.example", log.Signer.Key, null, log.Witness, Log.Ed25519, Log.Start)
            .Status.ShouldBe(404);
        Witness.Consider("old 7\n\nrubbish"u8, log.Signer.Key.Name, log.Signer.Key, null, log.Witness, Log.Ed25519, Log.Start).Status.ShouldBe(400);
        Witness.Consider(Witness.Request(9, [], log.Signed(3)), log.Signer.Key.Name, log.Signer.Key, null, log.Witness, Log.Ed25519, Log.Start)
            .Status.ShouldBe(400);
    }

    [Fact]
    public void Errors_of_notes_speak_both_languages() =>
        new Error?[] { NoteKey.Parse("x").Error, SignedNote.Parse("x"u8).Error, Checkpoint.Parse("x").Error, InclusionNote.Parse("x"u8).Error }
            .ShouldAllBe(error => error!.Message.In("zh") != error.Message.In("en"));
}
