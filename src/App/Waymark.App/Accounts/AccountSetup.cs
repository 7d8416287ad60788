using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Pages;

namespace Waymark.App.Accounts;

/// <summary>Identity of the shared framework over our own store; cookie sessions; roles as policies, closed by default.</summary>
public static class AccountSetup
{
    public const string ReadPolicy = "read";
    public const string StewardPolicy = "steward";
    public const string AdministratorPolicy = "administrator";

    /// <summary>Whoever signed in, whatever the role.</summary>
    public const string StaffPolicy = "staff";

    /// <summary>Data protection, legal affairs, oversight.</summary>
    public const string WatchPolicy = "watch";

    /// <summary>Those who work on cases.</summary>
    public const string CaseworkPolicy = "casework";

    /// <summary>A local credential vouched for by its maker, whatever the role: adoption, derogation, transfer, export (M56). The module asks for the role.</summary>
    public const string HardwarePolicy = "hardware";

    private const string EitherScheme = "waymark";

    /// <summary>Accounts without a web server: what the command line needs.</summary>
    public static void AddAccountsCore(this IServiceCollection services)
    {
        services.AddScoped(provider => new AccountSecrets(provider.GetRequiredService<StorePlatform>().Keys));
        services.AddScoped(provider => new AccountStore(provider.GetRequiredService<StorePlatform>().Store, provider.GetRequiredService<AccountSecrets>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new Sessions(
            provider.GetRequiredService<StorePlatform>().Store, provider.GetRequiredService<StorePlatform>().Keys, provider.GetRequiredService<TimeProvider>(),
            provider.GetService<Settings>()?.Sample is not null));
        services.AddScoped(provider => new ApiKeys(provider.GetRequiredService<StorePlatform>().Store, provider.GetRequiredService<AccountStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<IUserStore<Account>>(provider => provider.GetRequiredService<AccountStore>());
        services.AddScoped(provider => new OneTimeLinks(provider.GetRequiredService<StorePlatform>().Store, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<AccountService>();
        services.AddScoped<ILookupNormalizer, NameNormalizer>();
        services.AddIdentityCore<Account>(Rules).AddClaimsPrincipalFactory<RoleClaims>()
            .AddTokenProvider<TotpProvider>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
    }

    public static void AddAccounts(this IServiceCollection services, Settings settings)
    {
        services.AddAccountsCore();
        services.AddHttpContextAccessor();
        services.AddScoped<SignInManager<Account>>();
        services.AddScoped<IUserConfirmation<Account>, DefaultUserConfirmation<Account>>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.Configure<IdentityPasskeyOptions>(options => Passkeys(options, settings));
        services.AddScoped<SignInDoor>();
        services.AddScoped<IStatedPurposes, StatedPurposes>();
        services.AddScoped<MyAccount>();
        services.AddSingleton(provider => new OutsideLogin(settings, OutsideClient(), provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<TimeProvider>()));
        services.AddDataProtection().SetApplicationName("waymark")
            .PersistKeysToFileSystem(PrivateFolder.Make(Path.Combine(settings.KeyFolder, "sessions")));
        services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                ApiKeyHandler.IsPresent(context.Request) ? ApiKeyHandler.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddCookie(IdentityConstants.ApplicationScheme, options => Cookie(options, settings))
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, options => Ceremony(options, settings));
        services.AddAuthorization(options =>
        {
            options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireRole(Roles.Administrator).Build();
            options.AddPolicy(ReadPolicy, policy => policy.RequireAssertion(context =>
                settings.Reading == Reading.Public || context.User.Identity?.IsAuthenticated == true));
            options.AddPolicy(StewardPolicy, policy => policy.RequireRole(Roles.Steward, Roles.Administrator));
            options.AddPolicy(AdministratorPolicy, policy => policy.RequireRole(Roles.Administrator));
            options.AddPolicy(StaffPolicy, policy => policy.RequireAuthenticatedUser());
            options.AddPolicy(WatchPolicy, policy => policy.RequireRole(Roles.Watch));
            options.AddPolicy(CaseworkPolicy, policy => policy.RequireRole(Roles.Casework));
            options.AddPolicy(HardwarePolicy, policy => policy.RequireClaim(Session.MethodClaim, nameof(SignInMethod.HardwareKey)));
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

    private static void Passkeys(IdentityPasskeyOptions options, Settings settings)
    {
        options.ServerDomain = settings.Accounts.PasskeyDomain ?? settings.PublicAddress?.Host;
        options.ValidateOrigin = context =>
        {
            var request = context.HttpContext.Request;
            var own = settings.PublicAddress?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";
            return ValueTask.FromResult(!context.CrossOrigin && string.Equals(context.Origin, own, StringComparison.OrdinalIgnoreCase));
        };
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = settings.Accounts.AttestationRoots is null ? "none" : "direct";
    }

    // No redirects are followed and no proxy of the environment is used: the provider alone is spoken to.
    private static HttpClient OutsideClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1 << 20,
        };

    private static void Ceremony(CookieAuthenticationOptions options, Settings settings)
    {
        var secure = settings.IsSecure;
        options.Cookie.Name = secure ? "__Host-waymark-passkey" : "waymark-passkey" + settings.CookieEnd;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = TimeSpan.FromMinutes(5);
    }

    private static void Cookie(CookieAuthenticationOptions options, Settings settings)
    {
        var secure = settings.IsSecure;
        options.Cookie.Name = secure ? "__Host-waymark" : "waymark-session" + settings.CookieEnd;
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

    // Looked at on every request: a stamp that changed, a session that was ended or a role that is over ends it at once, on every machine.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var sessions = services.GetRequiredService<Sessions>();
        var known = await sessions.FindAsync(context.Principal, context.HttpContext.RequestAborted);
        if (known is null || await services.GetRequiredService<SignInManager<Account>>().ValidateSecurityStampAsync(context.Principal) is not { } account
            || !account.IsOpen(services.GetRequiredService<TimeProvider>().GetUtcNow()))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        context.HttpContext.Items[typeof(KnownSession)] = known;
        await sessions.TouchAsync(known, context.HttpContext.RequestAborted);
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
