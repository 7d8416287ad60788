using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Configuration;
using Waymark.App.Hosting;

namespace Waymark.App.Accounts;

/// <summary>Identity of the shared framework over our own store; cookie sessions; roles as policies, closed by default.</summary>
public static class AccountSetup
{
    public const string ReadPolicy = "read";
    public const string StewardPolicy = "steward";
    public const string AdministratorPolicy = "administrator";

    /// <summary>Accounts without a web server: what the command line needs.</summary>
    public static void AddAccountsCore(this IServiceCollection services)
    {
        services.AddScoped(provider => new AccountStore(provider.GetRequiredService<StorePlatform>().Store));
        services.AddScoped<IUserStore<Account>>(provider => provider.GetRequiredService<AccountStore>());
        services.AddScoped(provider => new OneTimeLinks(provider.GetRequiredService<StorePlatform>().Store, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<AccountService>();
        services.AddScoped<ILookupNormalizer, NameNormalizer>();
        services.AddIdentityCore<Account>(Rules).AddClaimsPrincipalFactory<RoleClaims>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
    }

    public static void AddAccounts(this IServiceCollection services, Settings settings)
    {
        services.AddAccountsCore();
        services.AddHttpContextAccessor();
        services.AddScoped<SignInManager<Account>>();
        services.AddDataProtection().SetApplicationName("waymark")
            .PersistKeysToFileSystem(PrivateFolder.Make(Path.Combine(settings.KeyFolder, "sessions")));
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, options => Cookie(options, settings.IsSecure));
        services.AddAuthorization(options =>
        {
            options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireRole(Roles.Administrator).Build();
            options.AddPolicy(ReadPolicy, policy => policy.RequireAssertion(context =>
                settings.Reading == Reading.Public || context.User.Identity?.IsAuthenticated == true));
            options.AddPolicy(StewardPolicy, policy => policy.RequireRole(Roles.Steward, Roles.Administrator));
            options.AddPolicy(AdministratorPolicy, policy => policy.RequireRole(Roles.Administrator));
        });
    }

    public static void Rules(IdentityOptions options)
    {
        options.User.AllowedUserNameCharacters = "";
        options.Password.RequiredLength = 12;
        options.Password.RequiredUniqueChars = 5;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Lockout.AllowedForNewUsers = true;
        options.Lockout.MaxFailedAccessAttempts = 5;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
    }

    private static void Cookie(CookieAuthenticationOptions options, bool secure)
    {
        options.Cookie.Name = secure ? "__Host-waymark" : "waymark-session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = TimeSpan.FromHours(8);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/sign-in";
        options.ReturnUrlParameter = "return";
        options.Events.OnRedirectToLogin = context => Turn(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Turn(context, StatusCodes.Status403Forbidden);
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    // Looked at on every request: a stamp that changed ends the session at once, on every machine.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<SignInManager<Account>>();
        if (await sessions.ValidateSecurityStampAsync(context.Principal) is not { Locked: false })
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        }
    }

    // Programs get a status; people who asked for a page get the form.
    private static Task Turn(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (status == StatusCodes.Status401Unauthorized && HttpMethods.IsGet(context.Request.Method)
            && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            && !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !context.Request.Path.StartsWithSegments("/sdmx", StringComparison.Ordinal))
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = status;
        }

        return Task.CompletedTask;
    }

    private sealed class NameNormalizer : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => name is null ? null : Account.Normalize(name);

        public string? NormalizeEmail(string? email) => null;
    }
}
