using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Waymark.App.Accounts;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Api;

public enum Verdict { Genuine, Altered, Unknown }

/// <summary>What is known of a figure or a file. <see cref="Revised"/>: a newer vintage says something else today.</summary>
public sealed record Verification(Verdict Verdict, LocalText Reason, string? Value = null, string? Vintage = null, bool Revised = false);

/// <summary>
/// <c>/verify</c> (M102). A figure: its address and the value somebody shows. A file: the publisher's original, by its hash, or an
/// answer of our own API, by asking the same question again as of the moment it states.
/// </summary>
public static class VerifyApi
{
    /// <summary>In MiB: anybody may send one, so it is far below what a steward may upload.</summary>
    private const int LargestFile = 64;
    private const long LargestAnswer = 16L << 20;

    public static void MapVerify(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/evidence/verify").RequireAuthorization(AccountSetup.ReadPolicy).WithMetadata(new ForPurposeAttribute(Purpose.ReadEvidence)).WithTags("evidence").DisableAntiforgery();
        group.MapGet("", async (string address, string? value, IEvidence evidence, CancellationToken cancellationToken) =>
            Results.Json(await FigureAsync(address, value, evidence, cancellationToken)))
            .WithName("verify-figure").WithSummary("Genuine, altered or unknown: a figure by its address and the value shown.").Produces<Verification>();
        group.MapPost("", async ([FromForm] IFormFile file, IEvidence evidence, CancellationToken cancellationToken) =>
        {
            await using var bytes = file.OpenReadStream();
            return Results.Json(await FileAsync(bytes, file.FileName, evidence, cancellationToken));
        }).WithMetadata(new UploadLimit(LargestFile)).WithName("verify-file").WithSummary("Genuine, altered or unknown: a file.").Produces<Verification>();
    }

    public static async Task<Verification> FigureAsync(string address, string? value, IEvidence evidence, CancellationToken cancellationToken)
    {
        var query = await QueryOfAsync(address, evidence, cancellationToken);
        if (query is null || await evidence.QueryAsync(query, cancellationToken) is not { IsOk: true } asked || asked.Value.Rows.Count == 0)
        {
            return new(Verdict.Unknown, new("This address names no figure here.", "此地址在本库中不对应任何数字。"));
        }

        var answer = asked.Value;
        var at = Enumerable.Range(0, answer.Columns.Count).First(i => answer.Columns[i].Role == ColumnRole.Measure);
        var vintage = Enumerable.Range(0, answer.Columns.Count).FirstOrDefault(i => answer.Columns[i].Id == "vintage", -1);
        if (value is null)
        {
            return new(Verdict.Genuine, new("The address is genuine.", "地址真实。"), AnswerFormats.Text(answer.Rows[0][at]));
        }

        var match = answer.Rows.FirstOrDefault(row => SameValue(row[at], value));
        if (match is null)
        {
            return new(Verdict.Altered, new("The figure at this address is another one.", "此地址的数字与所示不符。"),
                answer.Rows.Count == 1 ? AnswerFormats.Text(answer.Rows[0][at]) : null);
        }

        var revised = query.AsOf is not null && await evidence.QueryAsync(query with { AsOf = null }, cancellationToken) is { IsOk: true } now
            && !now.Value.Rows.Any(row => SameValue(row[at], value));
        return new(Verdict.Genuine, revised
            ? new LocalText("Genuine as of that moment; revised since.", "在该时刻真实，此后已修订。") : new LocalText("Genuine.", "真实。"),
            AnswerFormats.Text(match[at]), vintage < 0 ? null : AnswerFormats.Text(match[vintage]), revised);
    }

    public static async Task<Verification> FileAsync(Stream bytes, string name, IEvidence evidence, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));
        var original = await evidence.SnapshotAsync(hash, cancellationToken);
        if (original.IsOk)
        {
            return new(Verdict.Genuine, new($"The publisher's file as imported: {original.Value.FileName}.", $"与导入的发布方原始文件一致：{original.Value.FileName}。"));
        }

        bytes.Position = 0;
        if (bytes.Length <= LargestAnswer && await AnswerFileAsync(bytes, evidence, cancellationToken) is { } own)
        {
            return own;
        }

        // A file of the same name and other bytes is not the one we know; that is worth saying, and it is not proof of more.
        var imports = await evidence.ImportsAsync(1_000, cancellationToken);
        return imports.Any(import => import.FileName == name)
            ? new(Verdict.Altered, new("A file of this name was imported, with other bytes.", "曾导入同名文件，但内容不同。"))
            : new(Verdict.Unknown, new("This file was not imported here and does not come from here.", "此文件未在此导入，也非出自本库。"));
    }

    private static async Task<Verification?> AnswerFileAsync(Stream bytes, IEvidence evidence, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(bytes, cancellationToken: cancellationToken);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("schema", out var schema) || schema.GetString() != "waymark.query/1"
                || !document.RootElement.TryGetProperty("result", out var result)
                || !result.TryGetProperty("question", out var question) || question.GetString() is not { } address)
            {
                return null;
            }

            var query = await QueryOfAsync(address, evidence, cancellationToken);
            if (query is null || await evidence.QueryAsync(query, cancellationToken) is not { IsOk: true } again)
            {
                return new(Verdict.Unknown, new("The question in this file cannot be asked here.", "无法在此重复该文件中的查询。"));
            }

            var now = JsonDocument.Parse(JsonSerializer.Serialize(AnswerJson.Of(again.Value, address), JsonOutput.Options)).RootElement;
            var same = JsonElement.DeepEquals(now.GetProperty("rows"), result.GetProperty("rows"))
                && JsonElement.DeepEquals(now.GetProperty("columns"), result.GetProperty("columns"))
                && JsonElement.DeepEquals(now.GetProperty("citation"), result.GetProperty("citation"));
            return same
                ? new(Verdict.Genuine, new("An answer from here, unchanged.", "出自本库的结果，未被改动。"))
                : new(Verdict.Altered, new("The same question has another answer here.", "同一查询在此得到不同结果。"));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The question in an address of ours: <c>/api/evidence/query/…</c> or a page or file under <c>/data/…</c>.</summary>
    private static async Task<SeriesQuery?> QueryOfAsync(string address, IEvidence evidence, CancellationToken cancellationToken)
    {
        if (address.Length > 8_192 || !Uri.TryCreate(new Uri("http://localhost"), address, out var uri))
        {
            return null;
        }

        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var words = QueryHelpers.ParseQuery(uri.Query);
        if (parts is ["data", var owner, var page])
        {
            var known = await evidence.SeriesAsync($"{owner}/{Path.GetFileNameWithoutExtension(page)}", cancellationToken);
            var asked = known.IsOk ? SeriesAddress.Read(known.Value.Id,
                words.Select(pair => KeyValuePair.Create(pair.Key, (IReadOnlyList<string>)[.. pair.Value.OfType<string>()])),
                known.Value.Dimensions.Select(dimension => dimension.Id).ToHashSet(StringComparer.Ordinal)).ToQuery() : known.Error;
            return asked.IsOk ? asked.Value : null;
        }

        if (parts is not ["api", "evidence", "query", var publisher, var dataset])
        {
            return null;
        }

        var series = $"{publisher}/{dataset}";
        string? Get(string name) => words.TryGetValue(name, out var value) && value.Count == 1 ? value[0] : null;
        var parameters = new QueryParameters(Get("where"), Get("from"), Get("to"), Get("by"), Get("measure"), Get("denominator"), Get("pivot"),
            Get("asOf"), Get("updatedAfter"), Get("release"), Get("history") == "true", Get("sort"), Get("offset"), Get("limit"), null);
        var query = parameters.ToWords(series).ToQuery();
        return query.IsOk ? query.Value : null;
    }

    private static bool SameValue(QueryCell cell, string value) =>
        cell.Number is { } number && decimal.TryParse(value.Replace(" ", "", StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture, out var shown)
            ? number == shown : cell.Text == value;
}
