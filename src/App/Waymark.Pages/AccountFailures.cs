using Waymark.Model;

namespace Waymark.Pages;

/// <summary>What a form of the account pages says when it could not do what was asked; unknown codes say the least.</summary>
public static class AccountFailures
{
    public static Error Of(string code) => code switch
    {
        "account.code" => Error.Invalid(code, "That code does not fit; check the clock of the device.", "验证码不符；请检查设备时间。"),
        "account.wrong-password" => Error.Refused(code, "The password is not right.", "密码不正确。"),
        "account.password" => Error.Invalid(code, "A password has at least 12 characters, 5 of them different.", "密码至少 12 个字符，其中至少 5 个不同。"),
        "account.passkey-refused" => Error.Refused(code, "This passkey was not accepted.", "未接受此通行密钥。"),
        "key.purpose" => Error.Invalid(code, "Choose at least one purpose for the key.", "请为密钥至少选择一种用途。"),
        "key.invalid" => Error.Invalid(code, "A key has a label of 1 to 80 characters and ends within 90 days.", "密钥须有 1 到 80 字的名称，并在 90 天内到期。"),
        "purpose.role" => Error.Refused(code, "Choose one of the purposes below; others do not follow from your role.", "请选择下列目的之一；其他目的与您的角色不符。"),
        "purpose.stated" => Error.Refused(code, "This file is open for another purpose; a second purpose is for somebody else to decide.", "此档案已为另一目的打开；第二个目的须由他人决定。"),
        _ => Error.Refused("account.failed", "That could not be done; try again.", "操作未完成，请重试。"),
    };
}
