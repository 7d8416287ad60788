using Waymark.Model.Rules;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>Turns a pack as written into a checked one; every fault is added with its place, none stops the reading.</summary>
internal sealed class RulePackBinder(RulePackDocument document, Vocabulary vocabulary, RuleErrors errors)
{
    private static readonly string[] Modalities = ["permit", "prohibit", "oblige", "derogate"];

    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Rule> _rules = new(StringComparer.Ordinal);

    public RulePack Bind()
    {
        foreach (var written in document.Parameters)
        {
            ReadParameter(written);
        }

        var applies = document.Applies is null ? Condition.Always : Read(document.Applies);
        if (document.IsFloor && (document.Applies is not null || document.Valid is not null))
        {
            errors.Add(document.Applies ?? document.Valid!.From ?? SourceText.Of("", document.File), "rules.floor-applies", "The floor is in every conjunction: it has neither \"applies\" nor \"valid\".",
                "底线包始终适用：不得有“applies”或“valid”。");
        }

        var rules = new List<Rule>();
        foreach (var written in document.Rules)
        {
            if (_rules.ContainsKey(written.Id.Text))
            {
                errors.Add(written.Id, "rules.duplicate-rule", $"The rule \"{written.Id}\" stands twice.", $"规则“{written.Id}”重复。");
            }
            else if (ReadRule(written, rules.Count) is { } rule)
            {
                rules.Add(rule);
                _rules[rule.Id] = rule;
            }
        }

        CheckSuspensions();
        return new()
        {
            Vocabulary = vocabulary, Id = document.Id, Version = document.Version, Hash = document.Hash, Title = document.Title, Source = document.Source,
            InstrumentId = document.InstrumentId, Instrument = document.Instrument, IsFloor = document.IsFloor,
            IsConstraints = document.Mode?.Text == "constraints", Parameters = _parameters, Rules = rules,
            Applies = Condition.And(Valid(document.Valid), applies), Scenarios = new ScenarioBinder(vocabulary, document.Assumed, errors).Bind(document.Scenarios),
        };
    }

    private Condition Read(SourceText source) => Checker.Read(source, vocabulary, _parameters, errors) ?? Condition.Always;

    private void ReadParameter(ParameterDocument written)
    {
        var id = written.Id.Text;
        var unit = written.Unit.Text;
        var isLength = ValueReader.Units.ContainsKey(unit) || (unit.EndsWith('s') && ValueReader.Units.ContainsKey(unit[..^1]));
        if (!isLength && NearWord.For(unit, ValueReader.Units.Keys) is not null)
        {
            // Any other unit makes a plain number; a slip of the pen must not make one of a length of time.
            errors.Unknown(written.Unit, 0, "rules.unit", $"\"{unit}\" is no length of time.", $"“{unit}”不是时间长度。", unit, ValueReader.Units.Keys);
            return;
        }

        var number = ValueReader.Number(written.Value.Text);
        var length = isLength && number is { } count ? ValueReader.Length((decimal)count.Number / Value.Scale, written.Unit.Text) : null;
        if (number is null || (isLength && length is null))
        {
            errors.Add(written.Value, "rules.parameter", $"The value of \"{id}\" is not a number that fits its unit.", $"参数“{id}”的值与单位不符。");
            return;
        }

        var term = length is { } time ? new ConstantTerm(FactType.Duration, null, new(time.Total), time) : new ConstantTerm(FactType.Number, null, number.Value);
        if (!_parameters.TryAdd(id, new(id, term, written.Unit.Text, written.Value.Text, written.Source, written.Status == "verified")))
        {
            errors.Add(written.Id, "rules.duplicate-parameter", $"The parameter \"{id}\" stands twice.", $"参数“{id}”重复。");
        }
    }

    private Rule? ReadRule(RuleDocument written, int index)
    {
        RuleKind? kind = (written.Modality.Text, written.Kind?.Text) switch
        {
            ("permit", null) => RuleKind.Permission,
            ("prohibit", null) => RuleKind.Prohibition,
            ("oblige", "precondition") => RuleKind.Precondition,
            ("oblige", "duty") => RuleKind.Duty,
            ("derogate", null) => RuleKind.Derogation,
            _ => null,
        };
        if (kind is null)
        {
            if (!Modalities.Contains(written.Modality.Text))
            {
                errors.Unknown(written.Modality, 0, "rules.unknown-modality", $"There is no modality \"{written.Modality}\".", $"没有模态“{written.Modality}”。", written.Modality.Text, Modalities);
            }
            else
            {
                errors.Add(written.Kind ?? written.Modality, "rules.kind", "An obligation has kind precondition or duty; nothing else has a kind.", "义务须注明 precondition 或 duty；其他模态没有 kind。");
            }

            return null;
        }

        CheckParts(written, kind.Value);
        var when = written.When is null ? Condition.Always : Read(written.When);
        CheckKnown(written.When, when, kind is RuleKind.Permission or RuleKind.Derogation);
        return new()
        {
            Id = written.Id.Text, Kind = kind.Value, Index = index, Scope = Scope(written), Cites = [.. written.Cites.Select(cite => new Citation(cite.Article, cite.Status == "verified", cite.Basis))],
            Topic = written.Topic, Text = written.Text, Remedy = written.Remedy, Suspends = [.. written.Suspends.Select(id => id.Text)], Seeds = written.Seeds,
            Duty = written.Duty is null ? null : ReadDuty(written.Duty),
            WhenText = written.When?.Text.Trim() ?? "", RequireText = written.Require?.Text.Trim() ?? "",
            When = Condition.And(Valid(written.Valid), when, kind == RuleKind.Derogation ? Needs(written) : Condition.Always),
            Require = Require(written), Where = written.Id.Where,
        };
    }

    private Condition Require(RuleDocument written)
    {
        var require = written.Require is null ? Condition.Always : Read(written.Require);
        CheckKnown(written.Require, require, grants: true);
        return require;
    }

    /// <summary>
    /// Lack of a fact must never permit: known( ) may help what grants to hold, and what forbids to fall, never the other way round.
    /// </summary>
    private void CheckKnown(SourceText? source, Condition condition, bool grants)
    {
        if (source is not null && condition.HasKnown(negated: grants))
        {
            errors.Add(source, "rules.known", grants ? "\"not known( )\" cannot grant: lack of a fact never permits." : "known( ) cannot forbid or oblige unless negated: removing the fact would permit.",
                grants ? "“not known( )”不能用于准予：缺少事实不得导致准予。" : "known( ) 未加否定不能用于禁止或义务：否则删去事实即可获准。");
        }
    }

    private void CheckParts(RuleDocument written, RuleKind kind)
    {
        Must(written.Require, written.Id, kind == RuleKind.Precondition, "require", "a pre-condition");
        Must(written.Duty?.Id, written.Id, kind == RuleKind.Duty, "duty", "a duty");
        Must(written.Suspends.Count > 0 ? written.Suspends[0] : null, written.Id, kind == RuleKind.Derogation, "suspends", "a derogation");
        Must(written.Needs?.At, written.Id, kind == RuleKind.Derogation, "needs", "a derogation");
        if (document.IsFloor && kind == RuleKind.Derogation)
        {
            errors.Add(written.Id, "rules.floor-derogation", "No floor rule can be derogated from.", "底线规则不得克减。");
        }

        if (written.Text.Count < 2)
        {
            errors.Add(written.Id, "rules.texts", $"The rule \"{written.Id}\" needs its text in en and zh.", $"规则“{written.Id}”须有 en 与 zh 文字。");
        }
    }

    private void Must(SourceText? part, SourceText rule, bool belongs, string name, string kind)
    {
        if (part is null == belongs)
        {
            errors.Add(part ?? rule, "rules.parts", belongs ? $"\"{rule}\" is {kind} and needs \"{name}\"." : $"Only {kind} has \"{name}\".", belongs ? $"“{rule}”缺少“{name}”。" : $"此类规则没有“{name}”。");
        }
    }

    private List<(Fact, IReadOnlySet<int>)> Scope(RuleDocument written)
    {
        var scope = new List<(Fact, IReadOnlySet<int>)>();
        foreach (var part in written.Scope)
        {
            if (vocabulary.Find(part.Fact.Text) is not { IsScope: true } fact)
            {
                errors.Unknown(part.Fact, 0, "rules.scope-fact", $"\"{part.Fact}\" is not a scope fact.", $"“{part.Fact}”不是范围事实。", part.Fact.Text, vocabulary.ScopeFacts.Select(known => known.Id));
                continue;
            }

            var codes = new HashSet<int>();
            foreach (var word in part.Codes)
            {
                if (fact.Codes!.Find(word.Text) is { } code)
                {
                    codes.Add(code.Index);
                }
                else
                {
                    errors.Unknown(word, 0, "rules.unknown-code", $"\"{word}\" is no code of \"{fact.Codes.Id}\".", $"“{word}”不是“{fact.Codes.Id}”的代码。", word.Text, fact.Codes.Codes.Select(known => known.Id));
                }
            }

            scope.Add((fact, codes));
        }

        return scope;
    }

    private Duty ReadDuty(DutyDocument written)
    {
        Length? within = null;
        if (written.Parameter is { } asked)
        {
            if (!_parameters.TryGetValue(asked.Text.TrimStart('$'), out var parameter))
            {
                errors.Unknown(asked, 0, "rules.unknown-parameter", $"There is no parameter \"{asked}\" in this pack.", $"本包没有参数“{asked}”。", asked.Text, _parameters.Keys);
            }
            else if (parameter.Term.Type != FactType.Duration)
            {
                errors.Add(asked, "rules.types", "A deadline needs a length of time.", "期限须为时长。");
            }
            else
            {
                within = parameter.Term.Length;
            }
        }
        else if (written.Within is { } text && (within = ValueReader.Length(text.Text)) is null)
        {
            errors.Add(text, "rules.length", $"\"{text}\" is not a length of time such as 72 hour.", $"“{text}”不是时长（如 72 hour）。");
        }

        var from = written.From is null ? vocabulary.Time : FactOf(written.From, FactType.Instant, FactType.Date);
        var mask = new List<Code>();
        foreach (var field in written.Mask)
        {
            if (vocabulary.FindList("field")?.Find(field.Text) is { } code)
            {
                mask.Add(code);
            }
            else
            {
                errors.Unknown(field, 0, "rules.unknown-code", $"\"{field}\" is no code of \"field\".", $"“{field}”不是“field”的代码。", field.Text, vocabulary.FindList("field")?.Codes.Select(code => code.Id) ?? []);
            }
        }

        return new()
        {
            Id = written.Id.Text, IsMandatory = written.Mandatory, From = within is null && written.From is null ? null : from, Within = within, Mask = mask,
            Occasion = written.On?.Text switch { "deny" => DutyOccasion.Deny, "any" => DutyOccasion.Any, _ => DutyOccasion.Permit },
        };
    }

    private Fact? FactOf(SourceText name, params FactType[] types)
    {
        if (vocabulary.Find(name.Text) is not { } fact)
        {
            errors.Unknown(name, 0, "rules.unknown-fact", $"There is no fact \"{name}\" in the vocabulary.", $"词汇表中没有事实“{name}”。", name.Text, vocabulary.Facts.Select(known => known.Id));
            return null;
        }

        if (!types.Contains(fact.Type))
        {
            errors.Add(name, "rules.types", $"The fact \"{name}\" is of the wrong type here.", $"事实“{name}”在此处类型不符。");
            return null;
        }

        return fact;
    }

    private Condition Valid(ValidityDocument? valid)
    {
        if (valid is null)
        {
            return Condition.Always;
        }

        var parts = new List<string>();
        foreach (var (day, sign) in new[] { (valid.From, ">="), (valid.Until, "<") })
        {
            if (day is not null && ValueReader.Date(day.Text) is null)
            {
                errors.Add(day, "rules.moment", $"\"{day}\" is not a date such as 2026-11-21.", $"“{day}”不是日期（如 2026-11-21）。");
            }
            else if (day is not null)
            {
                parts.Add($"request.time {sign} {day}");
            }
        }

        return parts.Count == 0 ? Condition.Always : Read(new SourceText(string.Join(" and ", parts), document.File, (valid.From ?? valid.Until)!.Place(0)));
    }

    /// <summary>A derogation is invoked by name, for a reason, by its approver, for a time that ends.</summary>
    private Condition Needs(RuleDocument written)
    {
        var parts = new List<string> { $"derogation.rule = {written.Id}" };
        var needs = written.Needs;
        if (needs?.Reason == true)
        {
            parts.Add("known(derogation.reason)");
        }

        if (needs?.Approver is { } approver)
        {
            parts.Add($"derogation.approver = {approver}");
        }

        if (needs?.ExpiresWithin is { } longest)
        {
            if (ValueReader.Length(longest.Text) is null)
            {
                errors.Add(longest, "rules.length", $"\"{longest}\" is not a length of time such as 90 day.", $"“{longest}”不是时长（如 90 day）。");
                return Condition.Always;
            }

            parts.Add($"derogation.expiry > request.time and derogation.expiry <= request.time + {longest}");
        }

        return Read(new SourceText(string.Join(" and ", parts), document.File, (needs?.At ?? written.Id).Place(0)));
    }

    private void CheckSuspensions()
    {
        foreach (var written in document.Rules)
        {
            foreach (var id in written.Suspends)
            {
                if (!_rules.TryGetValue(id.Text, out var target))
                {
                    errors.Unknown(id, 0, "rules.unknown-rule", $"A derogation suspends rules of its own pack only; there is no \"{id}\" here.", $"克减只能中止本包的规则；此处没有“{id}”。", id.Text, _rules.Keys);
                }
                else if (target.Kind is RuleKind.Permission or RuleKind.Derogation)
                {
                    errors.Add(id, "rules.suspends", $"\"{id}\" is neither a prohibition nor an obligation and cannot be suspended.", $"“{id}”既非禁止也非义务，不能中止。");
                }
            }
        }
    }
}
