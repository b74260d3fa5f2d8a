"""Which time counts: the weeks that were asked for, from the change of policy on.

A target's period may run on behind the window's end, in one arm or in both; it is cut there. What is sold until then counts,
and so does what it has earned in pay by then (`sim.office.people.targets.count_pay_to_date`); attainment and reps at target
count the periods that end within the window. Both arms are treated alike. A rush to a deadline behind the end is not in the
window, and what was pulled forward into it is: the margin of the window's leads, run off, tells the one from the other.
"""

from datetime import date, timedelta
from typing import NamedTuple

from policies.engine.settings import CADENCES
from policies.language.policy import Policy
from policies.record.records import PERIODS
from policies.time.calendar_arrays import open_between, period_end
from sim.experiment.problems import ExperimentError
from sim.experiment.running.limits import MOST_WEEKS
from sim.experiment.verdict.verdict import Text, Window
from sim.office.scenario import Scenario

DAY = 86_400_000
WEEK = 7 * DAY
_AFTER_MIDNIGHT = 2  # ms: the office closes the day's books right after midnight
_LONGEST_PERIOD = 14  # weeks; a quarter
_HOUR = 3_600_000


class Span(NamedTuple):
    """Instants in UTC milliseconds."""

    start: int  # the policy changes and counting begins
    end: int  # counting ends
    closed: int  # the deals open at the end have been run off
    weeks: int  # from start to end, in the office's own time
    a_ends: int  # midnight at which the period of a's targets that runs at the end is over; the end's own if none runs
    b_ends: int

    @property
    def common(self) -> bool:
        """Whether no period of either policy is cut."""
        return self.end - _AFTER_MIDNIGHT == self.a_ends == self.b_ends


def period_of(policy: Policy) -> int:
    """Place in PERIODS of a policy's targets; a day without targets, since then any midnight will do."""
    cadence = CADENCES.index(policy.targets.cadence)
    return max(cadence - 1, PERIODS.index("day"))


def _days(scenario: Scenario, weeks: float):
    last = scenario.policy_date + timedelta(weeks=weeks + _LONGEST_PERIOD)
    return scenario.calendar.days(scenario.policy_date, last)


def span(scenario: Scenario, a: Policy, b: Policy, weeks: float) -> Span:
    """The window of an experiment: exactly so many weeks. ExperimentError for what is no whole number of weeks in range."""
    if not 1 <= weeks <= MOST_WEEKS or weeks != int(weeks):
        raise ExperimentError(
            f"weeks {weeks:g}: allowed are whole numbers from 1 to {MOST_WEEKS}",
            f"周数 {weeks:g}：应为 1 至 {MOST_WEEKS} 的整数",
        )
    midnight = scenario.calendar.midnight(scenario.policy_date + timedelta(weeks=weeks))
    days = _days(scenario, weeks)
    ends = [int(period_end(days, period_of(policy), midnight - 1)) for policy in (a, b)]
    end = midnight + _AFTER_MIDNIGHT
    return Span(scenario.policy_at, end, end + scenario.runoff_weeks * WEEK, int(weeks), *ends)


def hour_cost(scenario: Scenario, span: Span) -> float:
    """What an hour of a rep is worth elsewhere, in money: the outside pay over the window by its open hours."""
    days = _days(scenario, span.weeks)
    months = (span.end - span.start) / DAY / (365.25 / 12)
    return scenario.people.outside_pay * months / (open_between(days, span.start, span.end) / _HOUR)


def described(span: Span, scenario: Scenario) -> Window:
    """The window as the verdict tells it."""
    start, end = (scenario.calendar.local_date(instant) for instant in span[:2])
    return Window(
        start=start.isoformat(),
        end=end.isoformat(),
        weeks=span.weeks,
        common_period_end=span.common,
        runoff_weeks=scenario.runoff_weeks,
        text=_told(span, scenario, end),
    )


def _told(span: Span, scenario: Scenario, end: date) -> Text:
    last = end - timedelta(days=1)
    counted = Text(en=f"{span.weeks} weeks count, to {last}", zh=f"计入 {span.weeks} 周，至 {last}")
    if span.common:
        return Text(en=f"{counted.en}; targets' periods end there too.", zh=f"{counted.zh}；目标周期均在此结束。")
    cut = [(arm, ends) for arm, ends in zip(_ARMS, span[4:], strict=True) if ends != span.end - _AFTER_MIDNIGHT]
    if span.a_ends == span.b_ends:
        cut = [(_TARGETS, span.a_ends)]
    until = [scenario.calendar.local_date(ends - DAY // 2) for _, ends in cut]
    en = " and ".join(f"{arm.en} (to {day})" for (arm, _), day in zip(cut, until, strict=True))
    zh = "和".join(f"{arm.zh}（至 {day}）" for (arm, _), day in zip(cut, until, strict=True))
    return Text(
        en=f"{counted.en}. That cuts the running period of {en}: what is sold and earned by then counts, attainment counts the "
        "periods that end within the window, and a rush to a later deadline is not in it. The margin of the window's leads, "
        "run off, does not depend on where the window ends.",
        zh=f"{counted.zh}。{zh}正在进行的周期被截断：截至当日的成交与应得薪酬计入，目标完成率只计窗口内结束的周期，"
        "此后截止前的冲刺不在窗口内。窗口期线索的毛利（含收尾）不受窗口在何处结束的影响。",
    )


_ARMS = (Text(en="today's targets", zh="现行目标"), Text(en="the proposed targets", zh="拟改目标"))
_TARGETS = Text(en="the targets", zh="目标")


def holiday_note(scenario: Scenario, window: Span) -> tuple[Text, ...]:
    """What is to be said of years within the run whose public holidays are not published yet."""
    years = scenario.calendar.unpublished_years(scenario.start, scenario.calendar.local_date(window.closed))
    if not years:
        return ()
    named = [str(year) for year in years]
    return (
        Text(
            en=f"Public holidays of {', '.join(named)} are not published yet; plain weekends are used.",
            zh=f"{'、'.join(named)} 年的公共假期尚未公布，按普通周末处理。",
        ),
    )


def programme_note(scenario: Scenario, policy: Policy) -> tuple[Text, ...]:
    """That a habit programme in force from the first day runs in the warm-up, whole or in part, outside what counts."""
    days, warmed_up = policy.recording.programme_days, 7 * scenario.warmup_weeks
    if not days or not warmed_up:
        return ()
    left = max(days - warmed_up, 0)
    over = "it is over, and none of it is", "在此之前已结束，没有一天"
    ends = (f"{left} days of it are", f"其中 {left} 天") if left else over
    return (
        Text(
            en=f"The habit programme of {days} days begins with the warm-up of {scenario.warmup_weeks} weeks for everybody "
            f"who is there then: {ends[0]} in the weeks that count. To see it, compare a policy without it with this one.",
            zh=f"{days} 天的习惯养成计划对当时在岗者随 {scenario.warmup_weeks} 周预热期开始：{ends[1]}计入统计周。"
            "要看其效果，请将没有该计划的制度与本制度对比。",
        ),
    )


def window_notes(scenario: Scenario, a: Policy, b: Policy, weeks: float) -> list[Text]:
    """What is to be said of a window: what counts, what it cuts, and which years' holidays are not known."""
    window = span(scenario, a, b, weeks)
    return [described(window, scenario).text, *holiday_note(scenario, window), *programme_note(scenario, a)]
