using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>A fitted model as kept: JSON with a schema name and the hash of the pack it was fitted with. It holds no value of any person.</summary>
public sealed record KeptModel(string Schema, string PackHash, LinkageModel Model);

/// <summary>Reads and writes models.</summary>
public static class ModelFile
{
    private const string Schema = "waymark.linkage-model/1";
    private const long Longest = 16 << 20;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static Result<bool> Write(Stream stream, LinkageModel model, string packHash)
    {
        JsonSerializer.Serialize(stream, new KeptModel(Schema, packHash, model), s_options);
        return true;
    }

    public static Result<KeptModel> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return RegisterFaults.Unreadable(path);
        }
    }

    /// <summary>As the other; <paramref name="path"/> is what errors call it.</summary>
    public static Result<KeptModel> Read(Stream file, string path)
    {
        try
        {
            if (file.Length > Longest)
            {
                return Error.TooLarge("matching.model-large", "The model is larger than 16 MiB.", "模型超过 16 MiB。", path);
            }

            var kept = JsonSerializer.Deserialize<KeptModel>(file, s_options);
            return kept is null || kept.Schema != Schema || !LinkageModel.IsSound(kept.Model)
                ? Error.Invalid("matching.model", "This is not a model of `link train`.", "这不是 `link train` 产生的模型。", path)
                : kept;
        }
        catch (JsonException)
        {
            return Error.Invalid("matching.model", "This is not a model of `link train`.", "这不是 `link train` 产生的模型。", path);
        }
    }
}
