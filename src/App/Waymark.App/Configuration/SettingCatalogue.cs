using Waymark.Model;

namespace Waymark.App.Configuration;

public enum SettingShape { Text, Whole, Address, Uri, Choice, Networks, File, Folder, FolderList }

/// <summary>One setting: its key in the file ("server.port"), its environment name follows from it (WAYMARK_SERVER_PORT).</summary>
public sealed record SettingRule(
    string Key, SettingShape Shape, string Default, LocalText Meaning, int Least = 0, int Most = 0, IReadOnlyList<string>? Words = null, bool Secret = false)
{
    public string Variable => "WAYMARK_" + Key.Replace('.', '_').Replace('-', '_').ToUpperInvariant();
}

/// <summary>Every setting there is. There is none that switches a rule, a gate or a log off.</summary>
public static class SettingCatalogue
{
    public const string ConnectionVariable = "WAYMARK_STORE";

    public static IReadOnlyList<SettingRule> All { get; } =
    [
        new("name", SettingShape.Text, "", new("The operator's name for this installation.", "运营方对本部署的称呼。"), Most: 120),
        new("data", SettingShape.Folder, "./data", new("Data folder.", "数据文件夹。")),
        new("keys", SettingShape.Folder, "", new("Key folder, outside backups; \"<data>-keys\" beside the data folder when empty.", "密钥文件夹，不进入备份；留空则用数据文件夹旁的 \"<data>-keys\"。")),
        new("packs", SettingShape.FolderList, "", new("The operator's pack folders, separated by commas.", "运营方的包文件夹，用逗号分隔。")),
        new("reading", SettingShape.Choice, "public", new("Who may read without signing in.", "谁可不登录阅读。"), Words: ["public", "closed"]),
        new("maps", SettingShape.Choice, "on", new("Whether maps are drawn; some States ask for an approved base map.", "是否绘制地图；有的国家要求使用经审核的底图。"), Words: ["on", "off"]),
        new("store.kind", SettingShape.Choice, "sqlite", new("Embedded store or PostgreSQL.", "内嵌存储或 PostgreSQL。"), Words: ["sqlite", "postgres"]),
        new("store.connection-file", SettingShape.File, "", new("File of mode 0600 with the connection string (else WAYMARK_STORE).", "存放连接串的文件，权限须为 0600（否则用 WAYMARK_STORE）。")),
        new("server.address", SettingShape.Address, "127.0.0.1", new("Address to listen on.", "监听地址。")),
        new("server.port", SettingShape.Whole, "5080", new("Port; 0 takes a free one.", "端口；0 表示任选空闲端口。"), 0, 65_535),
        new("server.public-address", SettingShape.Uri, "", new("The address readers use, when a proxy stands in front.", "前有代理时读者使用的地址。")),
        new("server.proxies", SettingShape.Networks, "", new("Proxies whose forwarded headers are believed (addresses or networks).", "可信代理（地址或网段），只采信其转发头。")),
        new("server.tls-certificate", SettingShape.File, "", new("Certificate chain (PEM).", "证书链（PEM）。")),
        new("server.tls-key", SettingShape.File, "", new("Private key (PEM).", "私钥（PEM）。")),
        new("limits.upload-mebibytes", SettingShape.Whole, "256", new("Largest upload.", "上传上限。"), 1, 4_096),
        new("limits.requests-per-minute", SettingShape.Whole, "600", new("Requests per address and minute without sign-in.", "未登录时每地址每分钟请求数。"), 10, 1_000_000),
        new("limits.sign-ins-per-minute", SettingShape.Whole, "10", new("Sign-in attempts per address and minute.", "每地址每分钟登录次数。"), 1, 1_000),
        new("node.profile", SettingShape.Choice, "statistics", new("What kind of node this is; it decides which registers load. Chosen once: services and enforcement never share a node.", "节点类型，决定载入哪些登记册。只选一次：服务与执法不得同处一个节点。"), Words: ["humanitarian", "authority", "statistics", "public"]),
        new("protection.controller", SettingShape.Text, "", new("Code of the organisation that decides on the processing of personal data here; without it every use is refused.", "在此决定个人数据处理的组织代码；留空则一切使用均被拒绝。"), Most: 64),
        new("ledger.publish-minutes", SettingShape.Whole, "15", new("Minutes between published checkpoints of the ledger.", "账本检查点的发布间隔（分钟）。"), 5, 1_440),
        new("protection.file-scanner", SettingShape.File, "", new("Program that looks at files of records, called with \"-\" and the file on its input (exit 0 nothing, 1 found); without it files count as not scanned.", "检查记录文件的程序，以参数 \"-\" 调用，文件由标准输入送入（退出码 0 无异常，1 有发现）；留空则文件标为未扫描。")),
        new("casework.tracing-unit", SettingShape.Text, "", new("Unit that receives the requests of the public page for families (/find-family); without it the page takes none.", "接收公开页面（/find-family）寻亲请求的单位；留空则该页面不受理请求。"), Most: 64),
        new("casework.complaints-unit", SettingShape.Text, "", new("Unit that receives the complaints of the public page (/complain) for the review committee; without it the page takes none.", "接收公开页面（/complain）申诉、供审查委员会办理的单位；留空则该页面不受理申诉。"), Most: 64),
        new("casework.calendars-file", SettingShape.File, "", new("File with one line \"unit,time zone,days of rest,holidays\" for each unit, \"*\" for all others; deadlines run by it. Without it: UTC, Saturday and Sunday, no holidays.", "每行一个 \"单位,时区,休息日,节假日\" 的文件，\"*\" 代表其余单位；期限据此计算。留空则按 UTC、周六与周日休息、无节假日计算。")),
        new("mail.server", SettingShape.Text, "", new("Mail server for reminders of deadlines, as host or host:port (587); none are sent when empty.", "发送期限提醒的邮件服务器，写作 主机 或 主机:端口（587）；留空则不发送。"), Most: 255),
        new("mail.from", SettingShape.Text, "", new("Address that reminders come from.", "提醒邮件的发件地址。"), Most: 255),
        new("mail.units-file", SettingShape.File, "", new("File with one line \"unit,address\" for each unit that is reminded; mails say that a deadline is near and nothing else.", "每行一个 \"单位,地址\" 的文件，列出接收提醒的单位；邮件只说明有期限临近，不含其他内容。")),
        new("mail.secret-file", SettingShape.File, "", new("File of mode 0600 with the user and, on a second line, the password at the mail server; none when the server asks for none.", "存放邮件服务器用户名及（第二行）密码的文件，权限须为 0600；服务器不要求时留空。")),
        new("accounts.passkey-domain", SettingShape.Text, "", new("Domain that passkeys are bound to; the public address's host when empty.", "通行密钥绑定的域名；留空则用公开地址的主机名。"), Most: 253),
        new("accounts.attestation-roots", SettingShape.Folder, "", new("Folder of root certificates (*.pem) of the makers whose security keys count as hardware.", "受信安全密钥厂商根证书（*.pem）所在文件夹。")),
        new("accounts.outside-issuer", SettingShape.Uri, "", new("Outside login provider (OpenID Connect issuer); off when empty.", "外部登录提供方（OpenID Connect issuer）；留空则关闭。")),
        new("accounts.outside-client", SettingShape.Text, "", new("Our client id at that provider.", "我们在该提供方的 client id。"), Most: 255),
        new("accounts.outside-secret-file", SettingShape.File, "", new("File of mode 0600 with the client secret; none for a public client.", "存放 client secret 的文件，权限须为 0600；公共客户端无需。")),
        new("accounts.outside-name", SettingShape.Text, "", new("The provider's name on the button.", "按钮上显示的提供方名称。"), Most: 80),
        new("telemetry.endpoint", SettingShape.Uri, "", new("OTLP collector for traces and metrics; off when empty.", "链路与指标的 OTLP 收集器；留空则关闭。")),
    ];

    /// <summary>Environment names of the product that are not settings.</summary>
    public static IReadOnlyList<string> OtherVariables { get; } = [ConnectionVariable, "WAYMARK_LONG", "WAYMARK_NO_DATA", "WAYMARK_SHARED", "WAYMARK_PACKS_ROOT"];
}
