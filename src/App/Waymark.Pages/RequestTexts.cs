using System.Globalization;
using Microsoft.AspNetCore.Http;
using Waymark.Packs.Content;

namespace Waymark.Pages;

/// <summary>
/// The language of one request: the address says it (<c>?lang=zh</c>), else the cookie of an earlier choice, else the browser's wish,
/// else English. A choice in the address is remembered; before a choice there is no cookie.
/// </summary>
public sealed class RequestTexts : ITexts
{
    private const string Cookie = "waymark-lang";
    private readonly TextCatalogue _catalogue;
    private readonly TextLanguage _language;

    public RequestTexts(TextCatalogue catalogue, IHttpContextAccessor http)
    {
        _catalogue = catalogue;
        var context = http.HttpContext;
        var asked = context?.Request.Query["lang"].FirstOrDefault();
        var wish = Known(asked) ?? Known(context?.Request.Cookies[Cookie]);
        _language = wish ?? Accepted(context) ?? catalogue.Languages[0];
        if (Known(asked) is { } chosen && context is { Response.HasStarted: false })
        {
            context.Response.Cookies.Append(Cookie, chosen.Tag, new CookieOptions
            {
                HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(180), Path = "/",
            });
        }

        // The civil calendar and Latin digits, whatever the culture's own are.
        Culture = (CultureInfo)CultureInfo.GetCultureInfo(_language.Tag switch { "zh" => "zh-CN", "en" => "en-GB", var other => other }).Clone();
        Culture.DateTimeFormat.Calendar = new GregorianCalendar();
        Culture.NumberFormat = (NumberFormatInfo)CultureInfo.InvariantCulture.NumberFormat.Clone();
    }

    /// <summary>Chinese is written in simplified characters; glyphs follow the tag.</summary>
    public string Tag => _language.Tag == "zh" ? "zh-Hans" : _language.Tag;

    public string Language => _language.Tag;

    public string Direction => _language.Direction;

    public CultureInfo Culture { get; }

    public IReadOnlyList<(string Language, string Tag, string OwnName)> Choices =>
        [.. _catalogue.Languages.Select(language => (language.Tag, language.Tag == "zh" ? "zh-Hans" : language.Tag, language.Name))];

    public string this[string id] => _catalogue.Get(Language, id);

    public string Format(string id, params (string Slot, object? Value)[] slots) => _catalogue.Get(Language, id, slots);

    public string In(string language, string id) => _catalogue.Get(language, id);

    public string Format(string language, string id, params (string Slot, object? Value)[] slots) => _catalogue.Get(language, id, slots);

    private TextLanguage? Known(string? language) => language is null ? null
        : _catalogue.Languages.FirstOrDefault(known => known.Tag == language || language == known.Tag + "-Hans");

    private TextLanguage? Accepted(HttpContext? context) => context?.Request.GetTypedHeaders().AcceptLanguage
        .OrderByDescending(accepted => accepted.Quality ?? 1)
        .Select(accepted => Known(accepted.Value.Value?.Split('-')[0])).FirstOrDefault(known => known is not null);
}
