using Microsoft.AspNetCore.Http;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;

namespace Waymark.Pages.Data;

/// <summary>The one place where the desk pages of casework learn for which unit they were opened, and how their links say so; the purpose is the sign-in's.</summary>
public static class DeskQuery
{
    /// <summary>The desk, or null when a purpose must be chosen first.</summary>
    public static CaseDesk? Read(CaseDesks desks, RegisterPlan plan, HttpContext http) =>
        desks.TryFind(plan, null, http.Request.Query["unit"].FirstOrDefault(), out var desk) ? desk : null;

    /// <summary>What an address of casework carries on.</summary>
    public static string With(CaseDesk? desk) => desk is null ? "" : $"?unit={Uri.EscapeDataString(desk.Unit)}";
}
