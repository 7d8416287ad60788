using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

public sealed class InputFilesTests
{
    [Fact]
    public void A_folder_of_many_files_is_told_while_it_is_listed_and_hidden_files_stay_out()
    {
        var folder = Directory.CreateTempSubdirectory("waymark-many-");
        try
        {
            var inner = folder.CreateSubdirectory("inner");
            File.WriteAllText(Path.Combine(folder.CreateSubdirectory(".hidden").FullName, "none.csv"), "");
            for (var i = 0; i < 40; i++)
            {
                File.WriteAllText(Path.Combine(i % 2 == 0 ? folder.FullName : inner.FullName, $"{i:00}.csv"), "");
            }

            List<int> told = [];
            var files = InputFiles.Expand([folder.FullName], "/", (count, _) => told.Add(count));
            files.Value.Count.ShouldBe(40);
            files.Value.ShouldBe(files.Value.Order(StringComparer.Ordinal));
            told.ShouldBe(Enumerable.Range(0, 41));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_of_nothing_is_said_to_hold_no_file()
    {
        var folder = Directory.CreateTempSubdirectory("waymark-none-");
        try
        {
            File.WriteAllText(Path.Combine(folder.CreateSubdirectory(".hidden").FullName, "none.csv"), "");
            List<int> told = [];
            var files = InputFiles.Expand([folder.FullName], "/", (count, _) => told.Add(count));
            files.IsOk.ShouldBeFalse();
            files.Error.Code.ShouldBe("input.no-files");
            told.ShouldBe([0]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_import_tells_of_every_thousandth_file_it_lists_and_leaves_the_line_clean()
    {
        using var call = new Called();
        for (var i = 0; i < 2_000; i++)
        {
            call.Write($"many/{i:0000}.csv", "x");
        }

        (await call.RunAsync("import", "many", "--dry-run", "--progress=json")).Code.ShouldBe(ExitCode.Done, call.Error);
        int[] listed = [.. call.Error.Split('\n').Where(line => line.Contains("files found", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("progress").GetProperty("done").GetInt32())];
        listed.ShouldBe([0, 1_000, 2_000]);
    }

    [Theory]
    [InlineData("en", "There is no file in the folder")]
    [InlineData("zh", "文件夹中没有文件")]
    public async Task An_import_of_a_folder_of_nothing_is_not_called_done(string language, string said)
    {
        using var call = new Called();
        Directory.CreateDirectory(Path.Combine(call.Folder, "empty"));
        (await call.RunAsync("import", "empty", "--lang", language)).Code.ShouldBe(ExitCode.NotFound);
        call.Error.ShouldContain(said);
        call.Error.ShouldNotContain('\r');
        call.Output.ShouldBeEmpty();
    }
}
