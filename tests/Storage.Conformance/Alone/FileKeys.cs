using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Alone;

public sealed class FileKeys
{
    private readonly string _folder = TemporaryFolders.New("keys");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_made_once_and_kept_closed_to_others()
    {
        var keys = FileKeyStore.Open(_folder).Value;

        var key = (await keys.GetOrCreateAsync("ledger.signing", 32, Cancellation)).Value;

        key.Length.ShouldBe(32);
        (await keys.GetOrCreateAsync("ledger.signing", 32, Cancellation)).Value.ShouldBe(key);
        (await FileKeyStore.Open(_folder).Value.FindAsync("ledger.signing", Cancellation)).ShouldBe(key);
        (await keys.FindAsync("other", Cancellation)).ShouldBeNull();
        File.GetUnixFileMode(Directory.EnumerateFiles(_folder).Single()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Many_that_ask_at_once_get_one_key()
    {
        var keys = FileKeyStore.Open(_folder).Value;

        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => keys.GetOrCreateAsync("salt", 16, Cancellation))));

        all.Select(k => Convert.ToHexString(k.Value)).Distinct().ShouldHaveSingleItem();
        Directory.EnumerateFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_destroyed_key_leaves_no_byte_and_its_name_is_never_used_again()
    {
        var keys = FileKeyStore.Open(_folder).Value;
        var key = (await keys.GetOrCreateAsync("person.1", 64, Cancellation)).Value;

        (await keys.DestroyAsync("person.1", Cancellation)).ShouldBeTrue();

        (await keys.DestroyAsync("person.1", Cancellation)).ShouldBeFalse();
        (await keys.FindAsync("person.1", Cancellation)).ShouldBeNull();
        (await keys.GetOrCreateAsync("person.1", 64, Cancellation)).Error!.Code.ShouldBe("keys.destroyed");
        (await FileKeyStore.Open(_folder).Value.GetOrCreateAsync("person.1", 64, Cancellation)).Error!.Code.ShouldBe("keys.destroyed");
        SeedSearch.Find(_folder, key).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("UPPER")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    public async Task A_name_that_could_leave_the_folder_is_refused(string name)
    {
        var keys = FileKeyStore.Open(_folder).Value;

        (await keys.GetOrCreateAsync(name, 32, Cancellation)).Error!.Code.ShouldBe("keys.invalid-name");
        (await keys.FindAsync(name, Cancellation)).ShouldBeNull();
        (await keys.DestroyAsync(name, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_of_another_length_is_not_handed_out()
    {
        var keys = FileKeyStore.Open(_folder).Value;
        await keys.GetOrCreateAsync("k", 32, Cancellation);

        (await keys.GetOrCreateAsync("k", 16, Cancellation)).Error!.Code.ShouldBe("keys.length");
    }

    [Fact]
    public void A_folder_that_others_can_enter_is_refused()
    {
        Directory.CreateDirectory(_folder);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);

        FileKeyStore.Open(_folder).Error!.Code.ShouldBe("keys.open-to-others");
    }
}
