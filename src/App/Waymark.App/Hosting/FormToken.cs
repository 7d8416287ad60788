using Microsoft.AspNetCore.Antiforgery;

namespace Waymark.App.Hosting;

/// <summary>A form without fields of its own needs its antiforgery token as well; binding alone would not ask for it.</summary>
public static class FormToken
{
    public static TBuilder NeedsFormToken<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new RequireAntiforgeryTokenAttribute(required: true));
        return builder.AddEndpointFilter(async (context, next) =>
            context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
                ? await next(context)
                : Problems.Result(Model.Error.Invalid("request.form-token", "The form has expired or did not come from this site; load the page again.",
                    "表单已过期或并非来自本站；请重新载入页面。")));
    }
}
