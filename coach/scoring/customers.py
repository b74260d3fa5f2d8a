"""S4 of customers, with whom to turn to where one stays red; S5 of reps."""

from coach.scoring.past import Past, Values
from coach.scoring.rows import Like, Row, row_of
from coach.winning.history import Record, states
from policies.scores.customer_health import MONTHS_OF_ALARM, customer_health
from policies.scores.score import DAY, RED, Score, Words, number
from policies.scores.selling_energy import selling_energy

MONTH = 30 * DAY
MOST_SUBSTITUTES = 3
_SUBSTITUTES = Words("To plan as a substitute", "可规划的替代客户")
_TWO_MONTHS = Words("red for two months: plan a substitute", "连续两个月为红：请规划替代客户")


def health_rows(past: Past) -> list[Row]:
    """S4 of every customer; where one is red for two months, leads of its industry, the most promising first."""
    found = []
    for record, values in past.each("customer"):
        if values.get("status", "active") != "active":
            continue
        score, substitute = health_of(record, past.at)
        lines = (_TWO_MONTHS,) if substitute else ()
        like = tuple(_substitutes(past, values)) if substitute else ()
        found.append(row_of(past, record, score, lines=lines, like=like, like_of=_SUBSTITUTES))
    return found


def health_of(record: Record, at: int) -> tuple[Score, bool]:
    """S4 of a customer at `at` (ms), and whether it was red at two looks a month apart."""
    instants = [at - month * MONTH for month in reversed(range(MONTHS_OF_ALARM))]
    health = [customer_health(each, instant) for each, instant in zip(states(record, instants), instants, strict=True)]
    return health[-1], all(each.colour == RED for each in health)


def energy_rows(past: Past) -> list[Row]:
    """S5 of every rep who recorded what the time went into."""
    told = [(record, selling_energy(values)) for record, values in past.reps()]
    return [row_of(past, record, score) for record, score in told if score.value is not None]


def _substitutes(past: Past, customer: Values) -> list[Like]:
    """Open leads of the same industry: of the same region first, then by routing score and budget."""
    industry = customer.get("industry")
    leads = [
        (record, values) for record, values in past.each("lead")
        if values.get("status") in ("new", "open") and industry is not None and values.get("industry") == industry
    ]  # fmt: skip

    def promise(values: Values) -> tuple[bool, float, float]:
        same_region = values.get("region") == customer.get("region")
        return same_region, number(values, "score") or 0.0, number(values, "budget_tier") or 0.0

    best = sorted(leads, key=lambda each: promise(each[1]), reverse=True)[:MOST_SUBSTITUTES]
    return [Like(record.id, values.get("unit"), past.title(record), _why(customer, values)) for record, values in best]


def _why(customer: Values, lead: Values) -> Words:
    score, near = number(lead, "score"), lead.get("region") == customer.get("region")
    en, zh = ["open lead of the same industry"], ["同行业的在途线索"]
    if near:
        en.append("same region")
        zh.append("同区域")
    if score is not None:
        en.append(f"routing score {score:.0f}")
        zh.append(f"线索评分 {score:.0f}")
    return Words(", ".join(en), "，".join(zh))
