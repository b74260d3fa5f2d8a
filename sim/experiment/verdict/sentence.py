"""The sentence that a manager can repeat, made from the numbers of the verdict, in English and Chinese.

It says how much, how sure, in what share of worlds, for whom it is worse, which lines are crossed, and what would overturn it.
"""

from collections.abc import Sequence

from sim.experiment.overturn.parts import Overturn
from sim.experiment.statistics.stopping import FEWEST_WORLDS
from sim.experiment.verdict.digits import digits
from sim.experiment.verdict.verdict import Driver, Drivers, Effect, Groups, GuardrailResult, Text

GROUP_NAMES = {
    "low": Text(en="the third of reps that sold least margin before the change", zh="变更前毛利靠后三分之一的销售"),
    "middle": Text(en="the middle third of reps by margin sold before the change", zh="变更前毛利居中三分之一的销售"),
    "high": Text(en="the third of reps that sold most margin before the change", zh="变更前毛利靠前三分之一的销售"),
    "hires": Text(en="new hires", zh="新入职销售"),
}


def joined(parts: Sequence[Text]) -> Text:
    """Both languages' texts one after the other; Chinese needs no space between sentences."""
    return Text(en=" ".join(part.en for part in parts), zh="".join(part.zh for part in parts))


def _listed(parts: Sequence[Text]) -> Text:
    *first, last = parts
    if not first:
        return last
    return Text(
        en=", ".join(part.en for part in first) + " and " + last.en, zh="、".join(part.zh for part in first) + "和" + last.zh
    )


def _percent(share: float) -> str:
    """A share in per cent with as many digits as say something."""
    size = abs(100 * share)
    return digits(size, 0 if size >= 10 else 1)


def _plain(value: float) -> str:
    size = abs(value)
    return digits(size, 0 if size >= 100 else 1 if size >= 10 else 2)


def in_per_cent(effect: Effect) -> bool:
    """Whether a change is told in per cent of today, with that change's own interval: in the sentence and beside it alike."""
    return effect.unit != "share" and effect.relative.value is not None and effect.relative.low is not None


def _changes(effect: Effect) -> tuple[float | None, float | None, float | None, Text]:
    """The change with its ends in the form people say it: points for rates, else per cent of today, else the metric's unit."""
    if effect.unit == "share":
        return effect.difference, effect.low, effect.high, Text(en=" percentage points", zh=" 个百分点")
    if in_per_cent(effect):
        return effect.relative.value, effect.relative.low, effect.relative.high, Text(en=" %", zh="%")
    unit = f" {effect.unit}" if effect.unit else ""
    return effect.difference, effect.low, effect.high, Text(en=unit, zh=unit)


def _said(effect: Effect) -> tuple[Text, Text]:
    """The size of the change without sign, and its interval with signs."""
    value, low, high, unit = _changes(effect)
    in_percent = effect.unit == "share" or unit.zh == "%"
    write = _percent if in_percent else _plain

    def signed(number: float | None) -> str:
        if number is None:
            return "?"
        return ("−" if number < 0 else "+" if number > 0 else "") + write(number)

    whole = "?" if value is None else write(value)
    size = Text(en=f"{whole}{unit.en}", zh=f"{whole}{unit.zh}")
    ends = Text(en=f"{signed(low)} to {signed(high)}{unit.en}", zh=f"{signed(low)} 至 {signed(high)}{unit.zh}")
    return size, ends


def _main(effect: Effect, a: Text, b: Text, confidence: float) -> Text:
    """What happens to the metric, and how sure that is."""
    metric_en, metric_zh = effect.title.en[:1].lower() + effect.title.en[1:], effect.title.zh
    if effect.call == "identical":
        return Text(
            en=f"“{b.en}” did exactly what “{a.en}” did: {metric_en} is the same in every pair.",
            zh=f"“{b.zh}”与“{a.zh}”的结果完全相同：每一对模拟中{metric_zh}都一样。",
        )
    if effect.difference is None or effect.low is None:
        return Text(
            en=f"There were no cases to compare {metric_en} under “{a.en}” and “{b.en}”.",
            zh=f"没有可用来比较“{a.zh}”与“{b.zh}”下{metric_zh}的案例。",
        )
    size, ends = _said(effect)
    sure = f"{100 * confidence:g}"
    if effect.call == "unclear":
        return Text(
            en=f"Moving from “{a.en}” to “{b.en}” makes no clear difference to {metric_en}: "
            f"with {sure} % confidence the change is {ends.en}.",
            zh=f"从“{a.zh}”改为“{b.zh}”，{metric_zh}没有明确变化：在 {sure}% 置信度下，变化为 {ends.zh}。",
        )
    verb = ("raises", "提高") if effect.difference > 0 else ("lowers", "降低")
    return Text(
        en=f"Moving from “{a.en}” to “{b.en}” {verb[0]} {metric_en} by {size.en} (with {sure} % confidence {ends.en}).",
        zh=f"从“{a.zh}”改为“{b.zh}”，{metric_zh}{verb[1]} {size.zh}（{sure}% 置信区间 {ends.zh}）。",
    )


def _worlds(effect: Effect, worlds: int) -> Text:
    """In what share of plausible worlds; of few worlds the share is too unsure to be repeated, so only their number is told."""
    share = effect.better_share_of_worlds.known
    if share is None or effect.call == "identical" or worlds < FEWEST_WORLDS:
        return Text(en=f"That was tried in {worlds} plausible worlds.", zh=f"共在 {worlds} 个合理情形中试验。")
    word = ("better", "更好") if effect.direction else ("higher", "更高")
    value, low, high = (f"{100 * end:.0f}" for end in share)
    return Text(
        en=f"It is {word[0]} in about {value} % of plausible worlds ({low} to {high} %).",
        zh=f"在约 {value}% 的合理情形中{word[1]}（{low}% 至 {high}%）。",
    )


def _whom(effect: Effect, groups: Groups) -> Text:
    """For whom it is worse."""
    named = [(GROUP_NAMES[name], getattr(groups, name)) for name in GROUP_NAMES]
    named += [(Text(en=f"unit {unit}", zh=f"团队 {unit}"), of_unit) for unit, of_unit in groups.units.items()]
    worse = []
    for name, theirs in named:
        if theirs is not None and theirs.call == "worse":
            size, _ = _said(theirs)
            change = ("more", "多") if theirs.difference > 0 else ("less", "少")
            worse.append(Text(en=f"{name.en} ({size.en} {change[0]})", zh=f"{name.zh}（{change[1]} {size.zh}）"))
    if effect.direction == 0:
        return Text(
            en="Neither direction of it is better by itself, so nobody is called better or worse off.",
            zh="该指标的高低本身并无好坏之分，因此不说谁变好或变差。",
        )
    if not worse:
        return Text(en="No group of reps and no unit is clearly worse off.", zh="没有任何销售群体或团队明显变差。")
    listed = _listed(worse)
    return Text(en=f"It is worse for {listed.en}.", zh=f"变差的是：{listed.zh}。")


def _lines(guardrails: Sequence[GuardrailResult]) -> list[Text]:
    """Which guardrails are broken or undecided."""
    said = []
    words = {
        "broken": ("It breaks the guardrail on", "触及底线："),
        "undecided": ("Undecided, so not passed:", "未判定、不算通过的底线："),
    }
    for state, (en, zh) in words.items():
        titles = [result.title for result in guardrails if result.state == state]
        if titles:
            listed = _listed(titles)
            said.append(Text(en=f"{en} {listed.en}.", zh=f"{zh}{listed.zh}。"))
    return said


def _turn(driver: Driver) -> Text:
    side = ("above", "高于") if driver.overturned == "above" else ("below", "低于")
    turning = driver.turning_point or 0.0
    point = ("−" if turning < 0 else "") + _plain(turning)
    unit = f" {driver.unit}" if driver.unit else ""
    return Text(en=f"“{driver.title.en}” is {side[0]} about {point}{unit}", zh=f"“{driver.title.zh}”{side[1]}约 {point}{unit}")


def _overturn(effect: Effect, drivers: Drivers, overturn: Overturn | None) -> Text:
    """What would overturn it."""
    if effect.call == "identical":
        return Text(en="Only a different rule could change that.", zh="只有不同的规则才会带来变化。")
    if overturn is not None and overturn.regions:
        return joined([region.text for region in overturn.regions[:2]])
    turns = [driver for driver in drivers.named if driver.overturned]
    if turns:
        listed = [_turn(driver) for driver in turns[:2]]
        return Text(
            en=f"The sign would turn where {' or where '.join(turn.en for turn in listed)}.",
            zh=f"若{'或'.join(turn.zh for turn in listed)}，结论会反转。",
        )
    if effect.call == "unclear":
        return Text(
            en="More pairs or a firm's own data on how its customers behave could still decide it.",
            zh="增加模拟对数，或采用企业自己的客户行为数据，仍可能分出高下。",
        )
    return Text(
        en="Within its plausible range no single assumption was found to overturn this.",
        zh="在合理范围内，未发现任何单一假设足以推翻这一结论。",
    )


def sentence(
    effect: Effect,
    a: Text,
    b: Text,
    worlds: int,
    confidence: float,
    groups: Groups,
    guardrails: Sequence[GuardrailResult],
    drivers: Drivers,
    overturn: Overturn | None = None,
) -> Text:
    """The whole of it. `a` and `b` are the titles of the policies."""
    first = [_main(effect, a, b, confidence), _worlds(effect, worlds), _whom(effect, groups)]
    return joined([*first, *_lines(guardrails), _overturn(effect, drivers, overturn)])
