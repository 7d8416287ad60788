using Storage.Conformance.Suites;

// One suite per port, three stores: the class name says which store a line of the report is about.
namespace Storage.Conformance.Sqlite
{
    public sealed class Records() : RecordSuite("sqlite");

    public sealed class Partitions() : PartitionSuite("sqlite");

    public sealed class Searches() : SearchSuite("sqlite");

    public sealed class Erasure() : ErasureSuite("sqlite");

    public sealed class Limits() : LimitSuite("sqlite");

    public sealed class Series() : SeriesSuite("sqlite");

    public sealed class Blobs() : BlobSuite("sqlite");

    public sealed class Queue() : QueueSuite("sqlite");

    public sealed class Interleavings() : InterleavingSuite("sqlite");

    public sealed class Together() : TogetherSuite("sqlite");

    public sealed class Upkeep() : UpkeepSuite("sqlite");

    public sealed class Backups() : BackupSuite("sqlite");

    public sealed class Ledger() : LedgerSuite("sqlite");

    public sealed class LedgerCrashes() : LedgerCrashSuite("sqlite");

    public sealed class Crashes() : CrashSuite("sqlite");
}

namespace Storage.Conformance.Postgres15
{
    public sealed class Records() : RecordSuite("postgres-15");

    public sealed class Partitions() : PartitionSuite("postgres-15");

    public sealed class Searches() : SearchSuite("postgres-15");

    public sealed class Erasure() : ErasureSuite("postgres-15");

    public sealed class Limits() : LimitSuite("postgres-15");

    public sealed class Series() : SeriesSuite("postgres-15");

    public sealed class Blobs() : BlobSuite("postgres-15");

    public sealed class Queue() : QueueSuite("postgres-15");

    public sealed class Interleavings() : InterleavingSuite("postgres-15");

    public sealed class Together() : TogetherSuite("postgres-15");

    public sealed class Upkeep() : UpkeepSuite("postgres-15");

    public sealed class Backups() : BackupSuite("postgres-15");

    public sealed class Ledger() : LedgerSuite("postgres-15");

    public sealed class LedgerCrashes() : LedgerCrashSuite("postgres-15");

    public sealed class Crashes() : CrashSuite("postgres-15");
}

namespace Storage.Conformance.Postgres18
{
    public sealed class Records() : RecordSuite("postgres-18");

    public sealed class Partitions() : PartitionSuite("postgres-18");

    public sealed class Searches() : SearchSuite("postgres-18");

    public sealed class Erasure() : ErasureSuite("postgres-18");

    public sealed class Limits() : LimitSuite("postgres-18");

    public sealed class Series() : SeriesSuite("postgres-18");

    public sealed class Blobs() : BlobSuite("postgres-18");

    public sealed class Queue() : QueueSuite("postgres-18");

    public sealed class Interleavings() : InterleavingSuite("postgres-18");

    public sealed class Together() : TogetherSuite("postgres-18");

    public sealed class Upkeep() : UpkeepSuite("postgres-18");

    public sealed class Backups() : BackupSuite("postgres-18");

    public sealed class Ledger() : LedgerSuite("postgres-18");

    public sealed class LedgerCrashes() : LedgerCrashSuite("postgres-18");

    public sealed class Crashes() : CrashSuite("postgres-18");
}
