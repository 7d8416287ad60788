using System.Runtime.CompilerServices;

// What both stores share (rules of a write set, errors, migrations, backup) is no contract for modules.
[assembly: InternalsVisibleTo("Waymark.Storage.Sqlite")]
[assembly: InternalsVisibleTo("Waymark.Storage.Postgres")]
[assembly: InternalsVisibleTo("Storage.Conformance")]
