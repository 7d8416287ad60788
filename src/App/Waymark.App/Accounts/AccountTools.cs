using Waymark.App.Hosting;

namespace Waymark.App.Accounts;

/// <summary>The account service for one call of the command line.</summary>
public static class AccountTools
{
    public static Task<T> WithAccounts<T>(StorePlatform platform, Func<AccountService, Task<T>> work) =>
        WithServices(platform, services => work(services.GetRequiredService<AccountService>()));

    /// <summary>Accounts and the keys of programs.</summary>
    public static Task<T> WithKeys<T>(StorePlatform platform, Func<AccountStore, ApiKeys, Task<T>> work) =>
        WithServices(platform, services => work(services.GetRequiredService<AccountStore>(), services.GetRequiredService<ApiKeys>()));

    private static async Task<T> WithServices<T>(StorePlatform platform, Func<IServiceProvider, Task<T>> work)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(platform);
        services.AddSingleton(platform.Time);
        services.AddAccountsCore();
        // The platform is the caller's to close, so the provider gets it as an instance and leaves it open.
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await using var scope = provider.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}
