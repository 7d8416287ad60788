using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>Every error a store answers with, once, so that both stores say the same.</summary>
internal static class StoreErrors
{
    public static Error Conflict(string where) =>
        Error.Conflict("store.conflict", "It was changed by someone else meanwhile.", "内容在此期间已被他人更改。", where)
            .WithHint("Read it again and decide on what it says now.", "请重新读取，并按最新内容再作决定。");

    public static Error MissingBlob(string where) =>
        Error.NotFound("store.missing-blob", "The file this refers to is not stored, or was destroyed on purpose.",
                "所引用的文件未保存，或已按要求销毁。", where)
            .WithHint("Store the bytes first.", "请先保存文件内容。");

    public static Error Full(string? where) =>
        Error.Unavailable("store.full", "The disk is full, or the store has reached its size limit. Nothing was changed.",
                "磁盘已满，或数据存储已达到容量上限。未作任何更改。", where)
            .WithHint("Free space or raise the limit; everything stored stays readable.", "请释放空间或提高上限；已保存的内容仍可读取。");

    public static Error ReadOnly(string? where) =>
        Error.Unavailable("store.read-only", "The store can be read but not written.", "数据存储只能读取，不能写入。", where)
            .WithHint("Check the permissions of the data folder, or whether the server is a standby.",
                "请检查数据文件夹的权限，或确认数据库服务器是否为备用节点。");

    public static Error Unavailable(string? where, string detail) =>
        Error.Unavailable("store.unavailable", $"The store did not answer: {detail}", $"数据存储没有响应：{detail}", where)
            .WithHint("Try again; when it persists, run “waymark doctor”.", "请重试；如仍然失败，请运行 waymark doctor。");

    public static Error Busy(string? where) =>
        Error.Unavailable("store.unavailable", "Another process has been writing to the store for too long.",
                "另一进程长时间占用数据存储的写入权。", where)
            .WithHint("Wait until it has finished, then try again.", "请等待其完成后重试。");

    public static Error Closed() =>
        Error.Unavailable("store.unavailable", "The store is being closed.", "数据存储正在关闭。");

    public static Error Corrupt(string? where, string detail) =>
        Error.Faulty("store.corrupt", $"The stored data are damaged: {detail}", $"存储的数据已损坏：{detail}", where)
            .WithHint("Stop writing, copy the data folder, run “waymark verify” and restore the newest good backup.",
                "请停止写入，复制数据文件夹，运行 waymark verify，并恢复最近的完好备份。");

    public static Error TooLarge(string what, long limit) =>
        Error.TooLarge("store.too-large", $"Too much in one step: {what}; the limit is {limit}.",
            $"单次提交过大：{what}；上限为 {limit}。");

    public static Error Invalid(string what, string where) =>
        Error.Invalid("store.invalid", $"This cannot be stored: {what}.", $"无法保存：{what}。", where);

    public static Error BadPageToken() =>
        Error.Invalid("store.bad-page-token", "This is not a page token of this list.", "该翻页标记不属于此列表。")
            .WithHint("Begin again with the first page.", "请从第一页重新开始。");

    public static Error LeaseLost(string job) =>
        Error.Conflict("queue.lease-lost", "The job is no longer held by this worker.", "该任务已不再由此工作进程持有。", job);

    public static Error Shredded(BlobId id) =>
        Error.Refused("blob.shredded", "These bytes were destroyed on purpose and are not taken again.",
            "该内容已按要求销毁，不再接收。", id.Hex);

    public static Error Newer(string where, string script) =>
        Error.Conflict("store.newer", $"This store was written by a newer version of Waymark ({script}).",
                $"该数据存储由更新版本的 Waymark 写入（{script}）。", where)
            .WithHint("Use that version or a later one; nothing was changed.", "请使用该版本或更新的版本；未作任何更改。");

    public static Error ChangedScript(string where, string script) =>
        Error.Conflict("store.changed-script", $"The script “{script}” is not the one this store was made with.",
                $"脚本“{script}”与建立该数据存储时所用的不一致。", where)
            .WithHint("Use an unmodified release; nothing was changed.", "请使用未经改动的发行版；未作任何更改。");

    public static Error Older(string where) =>
        Error.Conflict("store.older", "This store is of an older version and cannot be upgraded because it is read-only.",
            "该数据存储版本较旧，且因只读而无法升级。", where);

    public static Error CannotOpen(string where, string detail) =>
        Error.NotFound("store.cannot-open", $"The store cannot be opened: {detail}", $"无法打开数据存储：{detail}", where)
            .WithHint("Check the path, its permissions and the free space.", "请检查路径、权限和可用空间。");
}
