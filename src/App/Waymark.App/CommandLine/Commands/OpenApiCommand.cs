using System.CommandLine;
using Waymark.App.Api;
using Waymark.App.Output;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark openapi</c>: the API document that is committed at docs/api/openapi.json.</summary>
public static class OpenApiCommand
{
    public static Command Make(CommandMaker make)
    {
        var output = make.Option<string?>("--output", "FILE", "write to a file (- is stdout)", "写入文件（- 为标准输出）", "-o");
        var schemas = make.Option<string?>("--schemas", "DIR", "write the schemas of JSON output instead", "改为写出 JSON 输出的模式");
        return make.Does(make.Verb("openapi", "write the OpenAPI document", "写出 OpenAPI 文档", output, schemas), async (context, cancellationToken) =>
        {
            if (context.Get(schemas) is { } folder)
            {
                await CliSchemas.WriteAllAsync(context.Terminal.FullPath(folder), cancellationToken);
                return ExitCode.Done;
            }

            var document = await OpenApiDocumentWriter.WriteAsync(cancellationToken);
            var written = await ResultFile.WriteAsync(context, context.Get(output), async stream =>
            {
                await stream.WriteAsync(document, cancellationToken);
                return true;
            }, cancellationToken);
            return written.IsOk ? ExitCode.Done : context.Fail(written.Error);
        });
    }
}
