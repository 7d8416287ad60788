using System.Text.Json.Serialization;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Definitions;

internal sealed record NoticeDocument(string Definition, string Area, string Topic, long Version);

/// <summary>The stored form of definitions and notices; enums by name, texts as an object by language.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NationalDefinition))]
[JsonSerializable(typeof(NoticeDocument))]
internal sealed partial class DefinitionJson : JsonSerializerContext;
