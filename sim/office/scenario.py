"""A scenario: the firm, its market and its calendar; what a manager cannot change by a rule."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policies.documents.errors import Fault, as_validation_error, unknown_name
from policies.time.calendar import Calendar
from sim.office.behaviour import BY_NAME, Parameter
from sim.office.behaviour.projects import PRODUCTION, PROJECTS


def _field(default, unit: str, en: str, zh: str, **bounds):
    return Field(default=default, json_schema_extra={"unit": unit, "en": en, "zh": zh}, **bounds)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """One text in both languages."""

    en: str
    zh: str


class People(_Part):
    """Who works there."""

    reps: int = _field(50, "people", "sales reps", "销售人数", ge=1, le=2000)
    teams: int = _field(6, "teams", "teams, each with a manager", "团队数（每队一名经理）", ge=1, le=300)
    regions: int = _field(2, "regions", "sales regions", "区域数", ge=1, le=50)
    outside_pay: float = _field(8500.0, "money/month", "pay that a rep can get elsewhere", "外部可得月薪", ge=0)
    presales: int = _field(4, "people", "staff at the presales desk", "售前人数", ge=1)
    legal: int = _field(2, "people", "staff at the legal desk", "法务人数", ge=1)
    delivery: int = _field(8, "people", "staff at the delivery desk", "交付人数", ge=1)
    finance: int = _field(1, "people", "staff at the finance desk", "财务人数", ge=1)

    @model_validator(mode="after")
    def _teams_have_people(self):
        if self.teams > self.reps:
            raise as_validation_error([Fault("more_than", ("teams",), self.teams, (f"<= {self.reps}",), about="reps")])
        if self.regions > self.teams:
            raise as_validation_error([Fault("more_than", ("regions",), self.regions, (f"<= {self.teams}",), about="teams")])
        return self


class Source(_Part):
    """One way by which leads come in."""

    share: float = _field(0.25, "share", "share of the week's leads", "占每周线索的比例", ge=0, le=1)
    reach: float = _field(0.44, "share", "chance to be reached at an attempt", "单次联系成功率", gt=0, lt=1)
    interest: float = _field(1.0, "1", "interest lasts this many times the usual", "兴趣持续倍数", gt=0)
    fit: float = _field(0.0, "logit", "how much better these leads fit", "匹配度偏移", ge=-3, le=3)
    from_hour: float = _field(9.0, "h", "first hour of the day with leads", "每日开始时刻", ge=0, le=24)
    to_hour: float = _field(21.0, "h", "last hour of the day with leads", "每日结束时刻", ge=0, le=24)
    value: float = _field(1.0, "1", "deal size against the usual", "金额倍数", gt=0)
    weekend: float = _field(0.6, "1", "a free day's leads against a business day's", "休息日线索倍数", ge=0)


class Reached(_Part):
    """A point of a curve: the share of customers whose time has come by so many days after the opening."""

    days: float = _field(30.0, "d", "days after the opening", "立项后天数", gt=0, le=3650)
    share: float = _field(0.5, "share", "customers whose time has come by then", "届时已到时点的客户占比", gt=0, lt=1)


class Leads(_Part):
    """The market's demand."""

    per_week: float = _field(400.0, "leads/week", "leads that come in", "每周线索数", gt=0)
    industries: int = _field(5, "industries", "industries of the customers", "客户行业数", ge=1, le=8)
    products: int = _field(4, "products", "products", "产品数", ge=1, le=50)
    season_amplitude: float = _field(0.15, "share", "how far demand swings over the year", "需求季节幅度", ge=0, lt=1)
    season_peak_day: int = _field(90, "day of year", "when demand peaks", "需求高峰日", ge=1, le=366)
    week_dispersion: float = _field(
        0.0, "1", "variance of demand from week to week, all sources alike, as a share of its square",
        "各来源共同的周间需求方差（与均值平方之比）", ge=0, le=4,
    )  # fmt: skip
    trend: float = _field(
        0.0, "per week", "growth of demand from the policy date on, logarithm a week; it halves or doubles at most",
        "政策切换日起需求的周对数增长（最多减半或翻倍）", ge=-1, le=1,
    )  # fmt: skip
    as_opportunities: bool = _field(
        False, "yes or no", "what comes in is an opportunity already: the firm keeps no leads", "来者即商机：公司不登记线索"
    )
    website: Source = Source(share=0.45)
    referral: Source = Source(share=0.2, reach=0.6, interest=6.0, fit=0.4, weekend=0.3)
    exhibition: Source = Source(share=0.15, reach=0.36, interest=3.0, from_hour=9.0, to_hour=18.0, weekend=0.5)
    store: Source = Source(share=0.2, reach=0.45, interest=1.5, from_hour=9.0, to_hour=20.0, weekend=1.8)
    outbound: Source = Source(share=0.0, reach=0.8, interest=8.0, fit=-0.3)
    existing: Source = Source(share=0.0, reach=0.9, interest=20.0, fit=0.3)


class Deals(_Part):
    """What a deal is like."""

    amount: float = _field(30_000.0, "money", "median value of a deal", "成交金额中位数", gt=0)
    amount_spread: float = _field(
        0.0, "1", "log spread of deal values by the firm's record; 0: as the behaviour has it",
        "成交金额的对数离散度（依据公司记录；0 表示按行为参数）", ge=0, le=8,
    )  # fmt: skip
    margin: float = _field(0.35, "share", "gross margin before discounts", "折扣前毛利率", gt=0, lt=1)
    cycle_days: float = _field(45.0, "d", "median days from opening to the customer's own time", "成交周期中位数", gt=1)
    win_rate: float = _field(0.22, "share", "share of opportunities won, as reps reckon", "赢单率（销售经验值）", gt=0, lt=1)
    lead_to_opportunity: float = _field(
        0.2, "share", "share of leads that become opportunities, as reps reckon", "线索转商机率（经验值）", gt=0, lt=1
    )
    stage_shift: float = _field(0.0, "logit", "calibration of the odds per touch", "单次推进校准", ge=-3, le=3)
    qualify_shift: float = _field(0.0, "logit", "calibration of the odds that a lead suits", "线索转化校准", ge=-4, le=4)
    task_times: Literal["lognormal", "exponential"] = _field(
        "lognormal",
        "family",
        "how task lengths vary; exponential is the textbooks' queue",
        "任务时长的分布（exponential 即教科书排队模型）",
    )
    wait_factor: float = _field(1.0, "1", "calibration of the customer's waits", "客户等待校准", gt=0, le=20)
    patience: float = _field(
        1.0,
        "1",
        "customers' patience against the usual: days of silence that a deal outlives, days by which asking is early",
        "客户耐心倍数：沉默多少天才会流失、提前多少天要单才算早",
        gt=0,
        le=250,
    )
    own_time: tuple[Reached, ...] = _field(
        (), "points", "when customers would buy, by the firm's record; takes the place of the cycle",
        "客户自身的购买时点（依据公司记录，取代成交周期）",
    )  # fmt: skip
    leaving: tuple[Reached, ...] = _field(
        (), "points", "when customers say that there will be no order, whatever is done", "客户自行告知不再下单的时点"
    )
    expense_share: float = _field(
        0.0, "share", "visits and negotiations that are to cost money", "需要费用的拜访与谈判占比", ge=0, le=1
    )
    joint_calls_week: int = _field(
        0, "per week", "deals that each manager joins a week, those of the largest recorded forecast",
        "每位经理每周参与的商机数，按所录预测由高到低", ge=0, le=40,
    )  # fmt: skip


    @model_validator(mode="after")
    def _curves_rise(self):
        for name in ("own_time", "leaving"):
            points = getattr(self, name)
            for number, (one, two) in enumerate(pairwise(points), 1):
                for part in ("days", "share"):
                    if getattr(two, part) <= getattr(one, part):
                        least = f"> {getattr(one, part):g}"
                        raise as_validation_error(
                            [Fault("out_of_bounds", (name, number, part), getattr(two, part), (least,))]
                        )
        return self


class Customers(_Part):
    """Who buys already."""

    per_rep: int = _field(0, "customers", "customers of each rep on the first day", "首日每位销售已有的客户数", ge=0, le=1000)


class Desks(_Part):
    """What support desks do besides answering sales."""

    own_load: float = _field(
        0.0,
        "share",
        "part of presales', legal's and delivery's time that other departments take",
        "其他部门占用售前、法务、交付工时的比例",
        ge=0,
        lt=1,
    )
    own_job_hours: float = _field(4.0, "open hours", "mean length of such a job", "此类工作的平均时长", gt=0, le=200)
    asked_again_minutes: float = _field(
        0.0,
        "min",
        "more work where the record does not say what the customer needs",
        "记录中没有客户需求时的额外工时",
        ge=0,
        le=480,
    )


class Department(_Part):
    """People who work on projects, first come, first served."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    staff: int = _field(2, "people", "people who work on projects", "参与项目的人数", ge=1, le=1000)


PAYMENTS_OFF = 0.001  # that payments may be off the contract's sum: thirds are written as 0.333


class ProjectStep(_Part):
    """One step of every project: a milestone that the customer accepts, or a task between departments."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["milestone", "task"] = _field("milestone", "kind", "accepted by the customer, or between departments",
                                                "由客户验收的里程碑，或部门之间的任务")  # fmt: skip
    department: str
    work_days: float = _field(10.0, "person-days", "median work on it", "工作量中位数（人天）", gt=0, le=1000)
    due_days: float = _field(30.0, "d", "by contract so many days after the signature", "合同约定的签约后天数", gt=0, le=3650)
    payment: float = _field(
        0.0, "share", "part of the contract's sum that is paid for it", "对应付款占合同金额的比例", ge=0, le=1
    )
    deliverables: int = _field(0, "documents", "documents that belong to it", "须提交的交付物数", ge=0, le=10)
    after: tuple[str, ...] | None = None  # steps before it; the one above unless told
    confirmed_by: tuple[str, ...] = ()  # departments that confirm what was done


class Projects(_Part):
    """What happens after a deal is won; without steps it is delivered by the delivery desk, and that is all."""

    departments: tuple[Department, ...] = Field(default=(), max_length=30)
    steps: tuple[ProjectStep, ...] = Field(default=(), max_length=60)
    payment_term_days: float = _field(30.0, "d", "days that customers have to pay an invoice", "付款期限", ge=0, le=365)
    work_factor: float = _field(1.0, "1", "calibration of the work on every step", "各步骤工作量校准", gt=0, le=20)

    @model_validator(mode="after")
    def _names_are_there(self):
        there = [each.name for each in self.departments]
        faults = [Fault("duplicate_id", ("departments", n, "name"), there[n]) for n in _named_twice(there)]
        steps = [each.name for each in self.steps]
        faults += [Fault("duplicate_id", ("steps", n, "name"), steps[n]) for n in _named_twice(steps)]
        for number, step in enumerate(self.steps):
            place = ("steps", number)
            if step.department not in there:
                faults.append(unknown_name("unknown_name", step.department, there, location=(*place, "department")))
            faults += _faulty_names("unknown_name", step.confirmed_by, there, (*place, "confirmed_by"))
            faults += _faulty_names("not_above", step.after or (), steps[:number], (*place, "after"))
            if step.kind == "task":
                hangs = [name for name in ("payment", "deliverables") if getattr(step, name) > 0]
                faults += [Fault("of_milestones", (*place, name), getattr(step, name), ("0",), about=name) for name in hangs]
        paid = sum(step.payment for step in self.steps)
        if paid > 0.0 and not faults and abs(paid - 1.0) > PAYMENTS_OFF + 1e-9:
            faults.append(Fault("payments_sum", ("steps",), f"{100.0 * paid:.6g} %", ("100 %",)))
        if faults:
            raise as_validation_error(faults)
        return self


def _faulty_names(code: str, names: tuple[str, ...], there: list[str], place: tuple) -> list[Fault]:
    """Names of a list that are not there, or that stand in it twice."""
    faults = [
        unknown_name(code, name, there, location=(*place, number)) for number, name in enumerate(names) if name not in there
    ]
    again = [number for number in _named_twice(list(names)) if names[number] in there]
    return faults + [Fault("listed_twice", (*place, number), names[number], ("@no_such_key",)) for number in again]


def _named_twice(names: list[str]) -> list[int]:
    return [place for place, name in enumerate(names) if name in names[:place]]


class Production(_Part):
    """A works that makes what is sold, so many units a week; without units nobody asks for a date of delivery."""

    units_per_week: float = _field(0.0, "units/week", "units that the works can make", "每周产能", ge=0, le=1e6)
    unit_value: float = _field(1000.0, "money", "value of a unit", "单位产品金额", gt=0)
    wanted_weeks: int = _field(4, "weeks", "customers want delivery in so many weeks", "客户期望的交付周数", ge=0, le=52)
    output_spread: float = _field(
        0.1, "1", "log spread of a week's output (assumed)", "周产出的对数离散度（假设）", ge=0, le=1
    )


class Scenario(_Part):
    """One office and its market. Times of the experiment are weeks before and after the policy date."""

    name: str
    kind: Literal["office"] = "office"
    title: Words
    summary: Words
    calendar: Calendar = Calendar()
    policy_date: date = _field(date(2025, 12, 1), "date", "day on which the arms part", "政策切换日")
    warmup_weeks: int = _field(26, "weeks", "weeks run before that day", "预热周数", ge=0, le=260)
    runoff_weeks: int = _field(13, "weeks", "weeks run after the end for deals then open", "收尾周数", ge=0, le=104)
    people: People = People()
    leads: Leads = Leads()
    deals: Deals = Deals()
    customers: Customers = Customers()
    desks: Desks = Desks()
    projects: Projects = Field(default=Projects(), exclude_if=lambda said: said == Projects())
    production: Production = Field(default=Production(), exclude_if=lambda said: said == Production())
    behaviour: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = {}

    @model_validator(mode="after")
    def _known_parameters(self):
        faults = []
        for name, value in self.behaviour.items():
            place = ("behaviour", name)
            if name not in BY_NAME:
                faults.append(unknown_name("unknown_name", name, BY_NAME, location=place))
                continue
            parameter = BY_NAME[name]
            if not parameter.low <= value <= parameter.high:
                allowed = f"{parameter.low:g} – {parameter.high:g} {parameter.unit}"
                faults.append(Fault("out_of_bounds", place, value, (allowed,)))
        if faults:
            raise as_validation_error(faults)
        return self

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters of behaviour that may matter in this office and that it does not set itself."""
        idle = (*(() if self.projects.steps else PROJECTS), *(() if self.production.units_per_week else PRODUCTION))
        return tuple(each for each in BY_NAME.values() if each.name not in self.behaviour and each not in idle)

    @property
    def start(self) -> date:
        """First day of the warm-up."""
        return self.policy_date - timedelta(weeks=self.warmup_weeks)

    @property
    def start_at(self) -> int:
        """First instant of the warm-up, ms."""
        return self.calendar.midnight(self.start)

    @property
    def policy_at(self) -> int:
        """Instant at which the policies part, ms: just after the midnight's own business is done."""
        return self.calendar.midnight(self.policy_date) + 2
