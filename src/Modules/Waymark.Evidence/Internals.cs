using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Waymark.Evidence.Tests")]
[assembly: InternalsVisibleTo("Waymark.Bench")]
