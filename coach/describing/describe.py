"""What a firm's record says: everything at once, and what it cannot say."""

from collections.abc import Callable, Set

from coach.describing import conversion, habits, rhythm, timing
from coach.describing.description import Description, Measured, Row, Section
from coach.describing.estimates import share
from coach.describing.spans import Spans, spans_at
from coach.problems import CoachError
from coach.store import Store
from policies.scores.score import Words

SECTIONS: tuple[Callable[[Spans], Section], ...] = (
    conversion.conversion,
    timing.timing,
    timing.hazards,
    rhythm.arrivals,
    rhythm.calendar_days,
    habits.response,
    habits.delay,
    conversion.people,
)


def describe(
    store: Store,
    at: int,
    told: Callable[[int, int], None] = lambda _done, _of: None,
    named: Set[str] | None = None,
) -> Description:
    """Describe what was recorded by the instant `at` (ms). `told` is called with sections done and their number.

    `named`: the owners whose own figures are told; None for all. Everything else is of the whole firm either way.
    A store without opportunities is a CoachError: there is nothing to describe.
    """
    told(0, len(SECTIONS) + 1)  # reading may take longer than everything that follows
    spans = spans_at(store, at)._replace(named=named)
    if spans.deals.empty:
        raise CoachError(
            "no opportunity is recorded by then; import some first (rehearse import)",
            "届时没有任何商机记录；请先导入（rehearse import）",
        )
    sections = []
    for place, make in enumerate((completeness, *SECTIONS)):
        told(place, len(SECTIONS) + 1)
        sections.append(make(spans))
    starts = [table["start"].min() for table in (spans.leads, spans.deals) if len(table)]
    return Description(at, spans.zone, spans.currency, int(min(starts)), at, tuple(sections))


def completeness(spans: Spans) -> Section:
    """How much there is, and which share of opportunities has what."""
    deals, leads = spans.deals, spans.leads
    counts = deals["outcome"].value_counts()
    won, lost = int(counts.get("won", 0)), int(counts.get("lost", 0) + counts.get("no_decision", 0))
    opened = int(counts.get("open", 0))
    findings = [
        Words(
            f"{len(deals):,} opportunities ({won:,} won, {lost:,} lost or without decision, {opened:,} open) and "
            f"{len(leads):,} leads are recorded",
            f"记录了 {len(deals):,} 个商机（赢单 {won:,}，丢单或无决定 {lost:,}，在途 {opened:,}）和 {len(leads):,} 条线索",
        )
    ]
    unsaid = []
    if spans.undated:
        unsaid.append(
            Words(
                f"when {spans.undated:,} opportunities were closed is not known: all stand at the instant of the export, and "
                "are left out where time matters",
                f"{spans.undated:,} 个商机的关闭时间不明：都落在导出时刻，凡涉及时间之处均未计入",
            )
        )
    stays = spans.moves.groupby("deal").size()
    have = {
        Words("source", "来源"): deals["source"].notna(),
        Words("responsible rep", "负责人"): deals["owner"].notna(),
        Words("amount", "金额"): deals["amount"] > 0,
        Words("a recorded action", "动作记录"): deals["row"].isin(spans.actions["deal"]),
        Words("a first conversation", "首次沟通"): deals["response"].notna(),
        Words("a change of stage", "阶段变更"): deals["row"].map(stays).fillna(1) > 1,
        Words("a dated closing, of those closed", "关闭日期（已关闭者）"): deals.loc[deals["outcome"] != "open", "dated"],
    }
    rows = tuple(Row(label, len(known), *share(int(known.sum()), len(known))) for label, known in have.items())
    title = Words("Share of opportunities in which it is recorded", "有记录的商机比例")
    measured = Measured("recorded", title, Words("recorded", "记录内容"), "share", "bars", rows)
    return Section("completeness", Words("What is recorded", "记录了什么"), tuple(findings), (measured,), tuple(unsaid))
