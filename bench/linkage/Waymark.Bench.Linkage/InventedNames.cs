namespace Waymark.Linkage.Bench;

/// <summary>Names of invented people: a few frequent ones, and words put together from syllables.</summary>
internal static class InventedNames
{
    private static readonly Dictionary<string, (string[] Given, string[] Family, string[] Syllables, string Letters)> s_languages = new(StringComparer.Ordinal)
    {
        ["en"] = (
            Words("james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas sarah karen charles nancy daniel lisa matthew betty anthony helen mark sandra donald ashley steven donna paul carol andrew ruth joshua sharon kenneth"),
            Words("smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores"),
            Words("ba ri mo la ke tu sa no fi da gu he yo pi za we lo ma ne ti ko ra su mi"),
            "abcdefghijklmnopqrstuvwxyz"),
        ["es"] = (
            Words("josé maría antonio carmen juan ana manuel isabel francisco laura luis marta javier lucía carlos elena miguel paula ángel sara rafael rosa pedro pilar jorge teresa raúl silvia andrés julia"),
            Words("garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez martín jiménez ruiz hernández díaz moreno muñoz álvarez romero alonso gutiérrez navarro torres domínguez vázquez ramos gil serrano blanco molina morales"),
            Words("ba ri mo la que tu sa no fi da gue he yo pi za lo ma ñe ti co ra su lla mi"),
            "abcdefghijlmnopqrstuvxyz"),
        ["ru"] = (
            Words("александр мария дмитрий анна сергей елена андрей ольга алексей наталья иван татьяна михаил ирина николай светлана владимир юлия павел екатерина евгений людмила виктор галина олег нина юрий вера игорь лариса"),
            Words("иванов смирнов кузнецов попов васильев петров соколов михайлов новиков федоров морозов волков алексеев лебедев семенов егоров павлов козлов степанов николаев орлов андреев макаров никитин захаров"),
            Words("ба ри мо ла ке ту са но фи да гу хе ё пи за ве ло ма не ти ко ра су ми"),
            "абвгдежзиклмнопрстуфхцчшэюя"),
        ["ar"] = (
            Words("محمد فاطمة أحمد عائشة علي مريم حسن زينب حسين خديجة عمر سارة خالد نور إبراهيم ليلى يوسف هدى محمود سعاد مصطفى رنا عبدالله أمل صالح منى"),
            Words("الخطيب حداد نجار المصري الشامي العلي الحسن الأحمد خوري درويش قاسم حمدان سليمان ناصر عيسى حمود الحلبي الصباغ شاهين فارس منصور سعيد يعقوب"),
            Words("با ري مو لا كي تو سا نو في دا غو هي يو بي زا وي لو ما ني تي كو را سو مي"),
            "ابتجحدرسشعفقكلمنهوي"),
        ["vi"] = (
            Words("anh bình châu dũng đức giang hà hải hạnh hiếu hoa hùng hương khánh lan linh long mai minh nam nga ngọc phương quang sơn tâm thảo thu trang tuấn"),
            Words("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý"),
            Words("thanh thị văn ngọc kim quốc đình hữu bảo gia xuân mỹ hoài như"),
            "abcdeghiklmnopqrstuvxy"),
    };

    public static string Given(Random random, string language, double frequent) =>
        language == "vi" ? $"{Part(random, s_languages[language].Syllables)} {Name(random, language, s_languages[language].Given, 2, frequent)}"
        : Name(random, language, s_languages[language].Given, 3, frequent);

    public static string Family(Random random, string language, double frequent) =>
        language == "es" ? $"{Name(random, language, s_languages[language].Family, 4, frequent)} {Name(random, language, s_languages[language].Family, 4, frequent)}"
        : Name(random, language, s_languages[language].Family, 4, frequent);

    public static string Mistype(Random random, string text, string language)
    {
        var at = random.Next(text.Length);
        var letters = s_languages[language].Letters;
        var letter = letters[random.Next(letters.Length)];
        return random.Next(4) switch
        {
            0 when text.Length > 2 => text.Remove(at, 1),
            1 => text.Insert(at, letter.ToString()),
            2 when text.Length > 2 => text[..1],
            _ => text[..at] + letter + text[(at + 1)..],
        };
    }

    private static string Name(Random random, string language, string[] known, int syllables, double frequent) => random.NextDouble() < frequent
        ? known[(int)(known.Length * random.NextDouble() * random.NextDouble())]
        : string.Concat(Enumerable.Range(0, syllables).Select(_ => Part(random, s_languages[language].Syllables)));

    private static string Part(Random random, string[] from) => from[random.Next(from.Length)];

    private static string[] Words(string list) => list.Split(' ');
}
