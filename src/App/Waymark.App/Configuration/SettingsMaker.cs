using System.Globalization;
using System.Net;
using System.Text;
using Waymark.Model;

namespace Waymark.App.Configuration;

/// <summary>Turns checked values into <see cref="Settings"/>; what depends on more than one value is checked here.</summary>
internal sealed class SettingsMaker(IReadOnlyDictionary<string, SettingValue> values, SettingSources sources)
{
    public Result<Settings> Make()
    {
        var data = PathOf("data")!;
        var store = Text("store.kind") == "postgres" ? StoreKind.Postgres : StoreKind.Sqlite;
        var connection = Connection();
        if (!connection.IsOk)
        {
            return connection.Error;
        }

        if (store == StoreKind.Postgres && connection.Value.Text is null)
        {
            return Error.Invalid("config.no-connection", "The PostgreSQL store needs a connection string.", "PostgreSQL 存储需要连接串。", "store.kind")
                .WithHint("Set WAYMARK_STORE, or store.connection-file to a file of mode 0600.", "请设置 WAYMARK_STORE，或让 store.connection-file 指向权限 0600 的文件。");
        }

        var (certificate, key) = (PathOf("server.tls-certificate"), PathOf("server.tls-key"));
        if (certificate is null != key is null)
        {
            return Error.Invalid("config.half-tls", "TLS needs both a certificate and a key.", "TLS 需同时给出证书与私钥。", "server.tls-certificate");
        }

        var accounts = Accounts();
        if (!accounts.IsOk)
        {
            return accounts.Error;
        }

        var mail = Mail();
        if (!mail.IsOk)
        {
            return mail.Error;
        }

        var calendars = Calendars();
        if (!calendars.IsOk)
        {
            return calendars.Error;
        }

        var address = IPAddress.Parse(Text("server.address"));
        var publicAddress = UriOf("server.public-address");
        return new Settings
        {
            Address = address,
            Port = Number("server.port"),
            PublicAddress = publicAddress,
            Proxies = [.. Items(Text("server.proxies")).Select(item => Network(item)!.Value)],
            TlsCertificate = certificate,
            TlsKey = key,
            Name = Text("name") is { Length: > 0 } name ? name : null,
            DataFolder = data,
            KeyFolder = PathOf("keys") ?? data.TrimEnd('/') + "-keys",
            Store = store,
            Connection = connection.Value.Text,
            PackFolders = [BuiltInPacks(sources.Environment), .. Items(Text("packs")).Select(item => Path.GetFullPath(item, values["packs"].Folder))],
            Reading = Text("reading") == "closed" ? Reading.Closed : Reading.Public,
            ShowsMaps = Text("maps") == "on",
            UploadMebibytes = Number("limits.upload-mebibytes"),
            RequestsPerMinute = Number("limits.requests-per-minute"),
            SignInsPerMinute = Number("limits.sign-ins-per-minute"),
            Telemetry = UriOf("telemetry.endpoint"),
            Accounts = accounts.Value,
            Profile = Text("node.profile"),
            Controller = Text("protection.controller"),
            PublishMinutes = Number("ledger.publish-minutes"),
            TracingUnit = Text("casework.tracing-unit") is { Length: > 0 } unit ? unit : null,
            ComplaintsUnit = Text("casework.complaints-unit") is { Length: > 0 } committee ? committee : null,
            FileScanner = PathOf("protection.file-scanner"),
            Calendars = calendars.Value,
            Mail = mail.Value,
            Origins =
            [
                .. SettingCatalogue.All.Select(rule => new SettingOrigin(rule.Key, values[rule.Key].Text, values[rule.Key].From)),
                new("store.connection", connection.Value.Text is null ? "not set" : "set", connection.Value.From),
            ],
        };
    }

    public static IEnumerable<string> Items(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>The packs that came with the program: beside it when published, above it in a working copy.</summary>
    private static string BuiltInPacks(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue("WAYMARK_PACKS_ROOT", out var stated) && stated.Length > 0)
        {
            return stated;
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var packs = Path.Combine(at.FullName, "packs");
            if (Directory.Exists(packs))
            {
                return packs;
            }
        }

        return Path.Combine(AppContext.BaseDirectory, "packs");
    }

    private Result<(string? Text, string From)> Connection()
    {
        if (sources.Environment.TryGetValue(SettingCatalogue.ConnectionVariable, out var text) && text.Length > 0)
        {
            return (text, SettingCatalogue.ConnectionVariable);
        }

        if (PathOf("store.connection-file") is not { } file)
        {
            return ((string?)null, "default");
        }

        var secret = Secret(file, "config.no-connection-file", new("The file with the connection string cannot be read.", "存放连接串的文件无法读取。"));
        return secret.IsOk ? (secret.Value, file) : secret.Error;
    }

    private Result<Func<string, Waymark.Casework.Registers.UnitCalendar>> Calendars()
    {
        try
        {
            return UnitCalendars.Read(PathOf("casework.calendars-file") is { } file ? File.ReadLines(file, Encoding.UTF8) : []);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("config.calendars", "The file with the calendars of units cannot be read.", "单位日历文件无法读取。", "casework.calendars-file");
        }
    }

    private Result<MailSettings?> Mail()
    {
        if (Text("mail.server") is not { Length: > 0 } server)
        {
            return Result<MailSettings?>.Ok(null);
        }

        var (host, port) = server.LastIndexOf(':') is > 0 and var at && int.TryParse(server.AsSpan(at + 1), System.Globalization.CultureInfo.InvariantCulture, out var number) ? (server[..at], number) : (server, 587);
        var units = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var line in PathOf("mail.units-file") is { } file ? File.ReadAllLines(file, Encoding.UTF8) : [])
            {
                if (line.Trim() is { Length: > 0 } text && text[0] != '#')
                {
                    if (text.Split(',', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } unit, var to] || !System.Net.Mail.MailAddress.TryCreate(to, out _))
                    {
                        return Error.Invalid("config.mail-units", "Each line is a unit, a comma and an address.", "每行须为单位、逗号与地址。", "mail.units-file");
                    }

                    units[unit] = to;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("config.mail-units", "The file with the addresses of units cannot be read.", "单位地址文件无法读取。", "mail.units-file");
        }

        if (port is < 1 or > 65_535 || !System.Net.Mail.MailAddress.TryCreate(Text("mail.from"), out _) || units.Count == 0)
        {
            return Error.Invalid("config.mail", "Reminders need a server, an address they come from and a file with the addresses of units.", "发送提醒须有服务器、发件地址及单位地址文件。", "mail.server");
        }

        var secret = PathOf("mail.secret-file") is { } secretFile
            ? Secret(secretFile, "config.no-mail-secret", new("The file with the secret of the mail server cannot be read.", "邮件服务器机密文件无法读取。")) : Result<string>.Ok("");
        return !secret.IsOk ? secret.Error : new MailSettings(host, port, Text("mail.from"), units,
            secret.Value.Split('\n')[0].Trim() is { Length: > 0 } user ? user : null, secret.Value.Split('\n', 2) is [_, var password] ? password.Trim() : null);
    }

    private Result<AccountSettings> Accounts()
    {
        var issuer = UriOf("accounts.outside-issuer");
        if (issuer is not null && issuer.Scheme != Uri.UriSchemeHttps && !issuer.IsLoopback)
        {
            return Error.Refused("config.outside-open", "The outside login provider must be reached by https.", "外部登录提供方必须使用 https。", "accounts.outside-issuer");
        }

        if (issuer is null != (Text("accounts.outside-client").Length == 0))
        {
            return Error.Invalid("config.half-outside", "An outside login needs both an issuer and a client id.", "外部登录需同时给出 issuer 与 client id。", "accounts.outside-issuer");
        }

        var secret = PathOf("accounts.outside-secret-file") is { } file
            ? Secret(file, "config.no-secret-file", new("The file with the client secret cannot be read.", "存放 client secret 的文件无法读取。")) : Result<string>.Ok("");
        if (!secret.IsOk)
        {
            return secret.Error;
        }

        return new AccountSettings
        {
            PasskeyDomain = Optional("accounts.passkey-domain"),
            AttestationRoots = PathOf("accounts.attestation-roots"),
            OutsideIssuer = issuer,
            OutsideClient = Optional("accounts.outside-client"),
            OutsideSecret = secret.Value.Length == 0 ? null : secret.Value,
            OutsideName = Optional("accounts.outside-name"),
        };
    }

    private static Result<string> Secret(string file, string missing, LocalText message)
    {
        try
        {
            const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersMay) != UnixFileMode.None)
            {
                return Error.Refused("config.secret-readable", "Others can read the file with the secret.", "他人可读取存放机密的文件。", file)
                    .WithHint("chmod 600 it.", "请执行 chmod 600。");
            }

            return File.ReadAllText(file, Encoding.UTF8).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Error(ErrorKind.NotFound, missing, message, null, file);
        }
    }

    private string? Optional(string key) => Text(key) is { Length: > 0 } text ? text : null;

    private string Text(string key) => values[key].Text;

    private int Number(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);

    private Uri? UriOf(string key) => Text(key).Length == 0 ? null : new Uri(Text(key));

    private string? PathOf(string key) => Text(key).Length == 0 ? null : Path.GetFullPath(Text(key), values[key].Folder);
}
