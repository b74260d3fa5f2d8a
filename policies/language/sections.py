"""What a manager can decide besides rules, stages and targets, section by section."""

from typing import Literal

from pydantic import field_validator

from policies.documents.errors import Fault, as_validation_error
from policies.language.acting import COUNTED_IN_TIME, NOBODY_ELSE_ROUTES, SOURCE_ASKS, SOURCE_REGISTERS
from policies.language.quantities import ClockTime, Identifier, Section, Share, described, told_share
from policies.language.target_sections import Cadence
from policies.recording.parts import LEAST_PART_DAYS, PART_COUNT

RoutingMethod = Literal["random", "round_robin", "best_suited", "nearest", "manual", "pool"]


class Routing(Section):
    """How leads are entered and given to reps (L1, L2)."""

    registration: Literal["manual", "automatic", "on_the_spot"] = described(
        "automatic",
        "method",
        "leads are entered by hand, by themselves, or on the spot with a photo",
        "线索登记方式：人工、自动或现场带照片登记",
        acts=SOURCE_REGISTERS,
    )
    method: RoutingMethod = described(
        "round_robin",
        "method",
        "who gets a lead: by chance, in turn, best suited, nearest, the manager's choice, or a shared pool",
        "线索分配：随机、轮流、最合适、最近、经理指派或公共池",
    )
    within_minutes: float = described(5.0, "minutes", "time within which a lead is assigned", "线索分配时限", ge=0, le=10_080)
    lead_cap: int = described(
        0, "leads", "open leads a rep may hold; 0 for no limit", "每人可持有的未结线索数，0 为不限", ge=0, le=1000
    )
    assigned_by: Literal["source", "coach"] = described(
        "source",
        "who",
        "who gives out a real lead that comes without an owner: the system that it comes from, or the coach by this section",
        "无负责人的真实线索由谁分配：来源系统，或由教练按本节分配",
        acts=NOBODY_ELSE_ROUTES,
    )


class Recording(Section):
    """What reps must enter (E1), and what they get for it: a reward by the day, and a habit programme (E2)."""

    fields_asked: int = described(
        8, "fields", "fields asked at each update", "每次更新需填写的字段数", ge=0, le=60, acts=SOURCE_ASKS
    )
    advanced_fields: int = described(
        0, "fields", "further fields that may be left empty", "可选的进阶字段数", ge=0, le=60, acts=SOURCE_ASKS
    )
    reward_day: float = described(
        0.0, "money per day", "reward for a day with complete records", "当日记录完整的奖励", ge=0, le=1000
    )
    programme_days: int = described(
        0,
        "days",
        "length of the habit programme, three equal parts of three days or more: in time, filled in, with others; 0 for none",
        "记录习惯计划的天数，等分三段且每段至少三天：及时、完整、带动同事；0 为无",
        ge=0,
        le=84,
    )
    within_hours: float = described(
        24.0, "hours", "an entry is in time within so many hours of what it tells", "事后多少小时内录入算及时", ge=0.25, le=168,
        acts=COUNTED_IN_TIME,
    )  # fmt: skip
    entries_day: int = described(
        3, "entries", "entries in time that a day with complete records needs", "当日记录完整所需的及时录入条数", ge=1, le=50
    )
    filled: Share = described(
        0.5,
        "share",
        "in the second part, share of decision maker, budget and competitor that stand on the deals entered on",
        "第二段中，所录商机上决策人、预算与竞争对手已填的比例",
        ge=0,
        le=1,
    )

    @field_validator("programme_days")
    @classmethod
    def _three_equal_parts(cls, days: int) -> int:
        # Three days in a row hold a business day wherever a weekend falls.
        if days % PART_COUNT or 0 < days < LEAST_PART_DAYS * PART_COUNT:
            raise as_validation_error([Fault("not_in_three_parts", found=days, allowed=("@three_parts",))])
        return days


class Pay(Section):
    """What reps earn."""

    base_month: float = described(6000.0, "money per month", "base pay", "底薪", ge=0, le=1e6)
    commission: Share = described(0.02, "share of revenue", "commission on what is sold", "提成比例", ge=0, le=0.5)
    bonus: float = described(
        0.0,
        "money per month",
        "bonus at target, per month; a shorter or longer period pays its part or multiple",
        "达标奖金（按月计，其他周期按比例折算）",
        ge=0,
        le=1e6,
    )
    accelerator: float = described(
        1.0, "multiple", "commission above target as a multiple of that below", "超额提成倍数", ge=0, le=10
    )
    cap: float = described(
        0.0,
        "multiple of target",
        "sales above this multiple of the target earn nothing; 0 for no cap",
        "超过目标此倍数后不再计提成，0 为不封顶",
        ge=0,
        le=20,
    )
    period: Cadence | None = described(
        None,
        "period",
        "period over which bonus and accelerator are reckoned; null follows the targets",
        "奖金与加速的结算周期，null 表示与目标周期一致",
    )


class Support(Section):
    """Open hours within which each desk promises to answer (H6); 0 for no promise."""

    presales_hours: float = described(0.0, "open hours", "presales answers within", "售前承诺答复时间", ge=0, le=400)
    legal_hours: float = described(0.0, "open hours", "legal answers within", "法务承诺答复时间", ge=0, le=400)
    delivery_hours: float = described(0.0, "open hours", "delivery answers within", "交付承诺答复时间", ge=0, le=400)
    finance_hours: float = described(0.0, "open hours", "finance answers within", "财务承诺答复时间", ge=0, le=400)


class Expenses(Section):
    """How expenses on customers are approved (M1)."""

    approval: Literal["finance", "on_record"] = described(
        "finance",
        "method",
        "finance looks at each one, or it is granted at once to an opportunity on record that no rule refuses",
        "费用审批：逐笔由财务审批，或挂在已登记商机上且无规则拦截的即时通过",
    )


CARD_MONTHS = 9.0
"""For so many months after coming to the firm somebody works by action cards: the end of the published range for the ramp."""


class Guidance(Section):
    """What the firm's own experience tells a rep (H1)."""

    action_cards: bool = described(
        False,
        "yes or no",
        "newcomers get the action card for customer type and stage, made from recorded wins",
        "新人按客户类型与阶段获得行动卡（来自已记录的赢单）",
    )


class Coaching(Section):
    """Manager's time for reps (H5)."""

    hours_per_rep_month: float = described(1.5, "hours", "coaching per rep and month", "每人每月辅导时长", ge=0, le=40)


class Escalation(Section):
    """Manager's time for what is escalated (H5)."""

    hours_per_week: float = described(
        6.0, "hours", "manager's hours per week kept for escalations", "经理每周处理升级的时间", ge=0, le=40
    )


class Notices(Section):
    """When and how notices reach people."""

    quiet_from: ClockTime = described(None, "time of day", "no notices from", "免打扰开始")
    quiet_to: ClockTime = described(None, "time of day", "no notices until", "免打扰结束")
    digest_above: int = described(
        0,
        "notices per day",
        "above this many, one daily digest; 0 for never",
        "每日超过此数则合并为日报，0 为不合并",
        ge=0,
        le=500,
    )
    deputy: bool = described(False, "yes or no", "notices go to a deputy during leave", "休假期间由代理人接收通知")

    @field_validator("quiet_to")
    @classmethod
    def _both_or_none(cls, quiet_to, info):
        if "quiet_from" in info.data and (info.data["quiet_from"] is None) != (quiet_to is None):
            raise as_validation_error([Fault("quiet_hours_half", found=quiet_to, allowed=("@clock_time",))])
        return quiet_to


class Discount(Section):
    """How far prices may be lowered."""

    max: Share = described(0.2, "share", "highest discount with the manager's approval", "经理批准后的最高折扣", ge=0, le=0.9)
    authority: Share = described(0.1, "share", "discount a rep may give alone", "销售可自行给出的折扣", ge=0, le=0.9)

    @field_validator("authority")
    @classmethod
    def _within_max(cls, authority, info):
        if authority > info.data.get("max", 1.0):
            at_most = f"<= {told_share(info.data['max'])}"
            raise as_validation_error([Fault("discount_order", found=told_share(authority), allowed=(at_most,))])
        return authority


class Guardrail(Section):
    """A metric that the policy must not harm."""

    metric: Identifier = described(..., "metric", "metric of the verdict", "结论中的指标")
    worse_by_at_most: Share = described(..., "share of baseline", "how much worse it may get", "最多可变差的比例", ge=0, le=1)
