"""What is recorded: kinds of record, their fields, and the events that move them.

A record is one row of float64 values, one column per field. A missing value is NaN. Instants are milliseconds since
1970 (UTC), flags are 0 or 1, choices are the position in `Field.choices`, texts and references are whole numbers that
stand for them, money is in whole currency units. The same layout serves simulator, evaluator and live service; custom
fields of a live store are further columns behind `WIDTH`. Kinds that a policy declares have the fields of `OWN`, and behind
them those declared.

Fields change only through events. `MOVES` says which instants an event kind moves (a since-field holds the latest
`acted_at` of the events that move it), `SETS` which values it fixes; what else an event carries is its payload.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from policies.record.fields import Field, Kind


def _fields(*rows) -> tuple[Field, ...]:
    return tuple(Field(*row) for row in rows)


STAGES = ("needs_discovery", "solution_match", "value_proof", "negotiation", "contract_delivery")
MAX_STAGES = 9
SOURCES = ("website", "referral", "exhibition", "store", "outbound", "existing_customer")
LEVELS = ("rep", "team", "region", "company")
DESKS = ("presales", "legal", "delivery", "finance", "manager")
"""Who answers requests: four departments, and the manager who leads the asker's unit."""
ASKED_FOR = ("answer", "approval", "expense", "discount", "adjustment")
FLAGS = ("green", "amber", "red")
OFFERS = ("return_calculator",)
"""What a rule may put at an owner's disposal for a customer."""

FIELDS: dict[str, tuple[Field, ...]] = {
    "lead": _fields(
        ("status", "choice", "state of the lead", "线索状态", ("new", "open", "converted", "lost")),
        ("owner", "text", "responsible rep", "负责人"),
        ("source", "choice", "where it came from", "来源", SOURCES),
        ("region", "number", "region number", "区域编号"),
        ("industry", "number", "industry number", "行业编号"),
        ("budget_tier", "number", "budget tier, 1 low to 3 high", "预算档（1 低至 3 高）"),
        ("product_interest", "number", "product of interest", "感兴趣的产品"),
        ("photo", "flag", "photo filed on the spot", "现场照片已上传"),
        ("score", "number", "routing score, 0 to 100", "线索评分（0–100）"),
        ("captured_at", "instant", "when the customer first showed up", "客户出现时间"),
        ("registered_at", "instant", "when it was entered", "登记时间"),
        ("assigned_at", "instant", "when a rep got it", "分配时间"),
        ("contacted", "flag", "a conversation has taken place", "已接触"),
        ("first_contact_at", "instant", "first conversation", "首次接触时间"),
        ("last_action_at", "instant", "last call, mail, meeting or document", "最近动作时间"),
        ("last_progress_at", "instant", "last step forward", "最近推进时间"),
        ("attempts", "number", "recorded attempts to reach the customer", "联系次数"),
        ("needs_summary", "text", "initial needs summary", "需求摘要"),
        ("next_step_at", "instant", "next conversation booked for", "下次沟通时间"),
        ("frozen", "flag", "greyed, to be reactivated", "已冻结"),
        ("reopened_at", "instant", "when a frozen record was reopened", "重新激活时间"),
        ("stall_reason", "text", "why it stands still", "停滞原因"),
        ("required", "number", "fields required by a rule and not yet recorded", "待补字段"),
        ("flag", "choice", "warning colour", "预警颜色", FLAGS),
        ("days_idle", "number", "days since the last action", "未动作天数", (), True),
        ("customer", "text", "customer", "客户"),
        ("tax_number", "text", "customer's tax number", "客户税号"),
        ("phone", "text", "customer's telephone number", "客户电话"),
    ),
    "opportunity": _fields(
        ("status", "choice", "state of the opportunity", "商机状态", ("open", "won", "lost", "no_decision")),
        ("owner", "text", "responsible rep", "负责人"),
        ("source", "choice", "where it came from", "来源", SOURCES),
        ("region", "number", "region number", "区域编号"),
        ("industry", "number", "industry number", "行业编号"),
        ("customer", "text", "customer", "客户"),
        ("stage", "number", "stage, counted from 1", "阶段（从 1 起）"),
        ("amount", "money", "expected value", "预计金额"),
        ("discount", "share", "discount offered", "折扣"),
        ("close_at", "instant", "expected closing date", "预计成交日"),
        ("opened_at", "instant", "when it was opened", "商机创建时间"),
        ("stage_changed_at", "instant", "last change of stage", "阶段变更时间"),
        ("first_contact_at", "instant", "first conversation", "首次接触时间"),
        ("last_action_at", "instant", "last call, mail, meeting or document", "最近动作时间"),
        ("last_progress_at", "instant", "last step forward", "最近推进时间"),
        ("actions", "number", "recorded actions", "动作次数"),
        ("needs_summary", "text", "needs summary", "需求摘要"),
        ("pain_points", "text", "pain-point list", "痛点清单"),
        ("proposal_pages", "text", "pages of the proposal that answer the pain points", "方案对应页"),
        ("value_proof", "text", "proof of value accepted", "价值验证"),
        ("decision_maker", "text", "who decides", "决策人"),
        ("budget", "money", "customer's budget", "客户预算"),
        ("competitor", "text", "main competitor", "主要竞争对手"),
        ("next_step_at", "instant", "next conversation booked for", "下次沟通时间"),
        ("quote_sent_at", "instant", "last quote", "最近报价时间"),
        ("legal_approval", "text", "legal approval", "法务审批"),
        ("contract_file", "text", "contract file", "合同文件"),
        ("frozen", "flag", "greyed, to be reactivated", "已冻结"),
        ("reopened_at", "instant", "when a frozen record was reopened", "重新激活时间"),
        ("stall_reason", "text", "why it stands still", "停滞原因"),
        ("required", "number", "fields required by a rule and not yet recorded", "待补字段"),
        ("flag", "choice", "warning colour", "预警颜色", FLAGS),
        ("won_at", "instant", "when it was won", "成交时间"),
        ("expenses", "money", "expenses so far", "累计费用"),
        ("expense_at", "instant", "last expense", "最近费用时间"),
        ("days_idle", "number", "days since the last action", "未动作天数", (), True),
        ("days_without_progress", "number", "days since the last step forward", "未推进天数", (), True),
        ("health", "number", "health index, 0 to 100 (S1)", "商机健康度（0–100，S1）", (), True),
        ("approved_discount", "share", "discount that the manager approved", "经理批准的折扣"),
        ("false_prosperity", "flag", "forecast high, contact or outside demand low (S2)", "预测高而接触或外部需求低（S2）"),
        ("commission_frozen", "flag", "its commission is frozen", "提成已冻结"),
        ("presales_approval", "text", "approval of presales", "售前审批"),
        ("delivery_approval", "text", "approval of delivery", "交付审批"),
        ("finance_approval", "text", "approval of finance", "财务审批"),
        ("manager_approval", "text", "approval of the manager", "经理审批"),
        ("win_chance", "share", "chance of being won within 90 days", "90 天内赢单的概率"),
        ("win_ever", "share", "chance of ever being won", "最终赢单的概率"),
        ("journey", "number", "completeness of the customer journey, 0 to 100 (S3)", "客户旅程完整度（0–100，S3）"),
        ("quote_risk", "share", "share of like offers that were lost (S15)", "相似报价中丢单的比例（S15）"),
        ("viewed_at", "instant", "when the customer last looked at something sent", "客户最近查看所发资料的时间"),
        ("view_minutes", "number", "minutes of that look", "客户最近一次查看所发资料的分钟数"),
    ),
    "customer": _fields(
        ("status", "choice", "state of the customer", "客户状态", ("active", "churned")),
        ("owner", "text", "responsible rep", "负责人"),
        ("region", "number", "region number", "区域编号"),
        ("industry", "number", "industry number", "行业编号"),
        ("since_at", "instant", "first purchase", "首次购买时间"),
        ("delivered_at", "instant", "last delivery", "最近交付时间"),
        ("service_visit_at", "instant", "last service visit", "最近服务拜访"),
        ("last_action_at", "instant", "last call, mail, meeting or document", "最近动作时间"),
        ("satisfaction", "number", "last recorded satisfaction, 0 to 10", "最近满意度（0–10）"),
        ("purchases", "number", "orders so far", "订单数"),
        ("revenue", "money", "revenue so far", "累计收入"),
        ("payments", "number", "payments received", "已收款次数"),
        ("late_payments", "number", "payments that came late", "逾期收款次数"),
        ("complaints", "number", "returns and complaints", "退货与投诉次数"),
        ("risk_events", "number", "risk events such as lawsuits or changes of owner", "风险事件次数（诉讼、股权变更等）"),
        ("required", "number", "fields required by a rule and not yet recorded", "待补字段"),
        ("flag", "choice", "warning colour", "预警颜色", FLAGS),
        ("days_idle", "number", "days since the last action", "未动作天数", (), True),
        ("health", "number", "health score, 0 to 100 (S4)", "客户健康分（0–100，S4）", (), True),
        ("name", "text", "customer's name", "客户名称"),
        ("tax_number", "text", "customer's tax number", "客户税号"),
        ("phone", "text", "customer's telephone number", "客户电话"),
        ("churn_risk", "share", "share of customers with as many signs that left in 90 days (S12)",
         "信号数相同的客户 90 天内流失的比例（S12）"),
        ("temperature", "number", "whether the customer would recommend us: 100, 0 or -100 (S6)",
         "客户是否愿意推荐：100、0 或 -100（S6）"),
    ),
    "unit": _fields(
        ("level", "choice", "rep, team, region or company", "层级", LEVELS),
        ("parent", "text", "unit above", "上级单位"),
        ("target", "money", "target of the running period", "本期目标"),
        ("attained", "money", "attained in the running period", "本期完成"),
        ("period_start_at", "instant", "start of the running period", "本期开始"),
        ("period_end_at", "instant", "end of the running period", "本期结束"),
        ("committed_at", "instant", "when the target was signed", "目标签署时间"),
        ("effective_visits", "number", "effective visits this week", "本周有效拜访"),
        ("tailored_quotes", "number", "tailored quotes this week", "本周定制报价"),
        ("upsells", "number", "upsells this week", "本周增购"),
        ("absent", "flag", "absent now", "缺勤中"),
        ("present_since", "instant", "start of the present spell at work", "到岗起始"),
        ("adjustments", "number", "target adjustments granted this quarter", "本季度目标调整次数"),
        ("need_change", "flag", "evidence of a changed customer need is filed", "客户需求变化证据"),
        ("rank", "number", "rank shown to the unit, 1 is best", "排名"),
        ("required", "number", "fields required by a rule and not yet recorded", "待补字段"),
        ("flag", "choice", "warning colour", "预警颜色", FLAGS),
        ("behind_pace", "share", "how far attainment lags the elapsed share of the target", "落后进度", (), True),
        ("attainment", "share", "attained over target", "完成率", (), True),
        ("left_at", "instant", "when this person left the firm", "离职时间"),
        ("region", "number", "region number of the unit and of those below", "区域编号（含下级单位）"),
        ("energy_lost", "share", "share of working time lost to internal work (S5)", "被内部事务占用的工作时间比例（S5）"),
        ("temperature", "number", "net promoter score of the unit's customers, -100 to 100 (S6)",
         "本单位客户的净推荐值（-100 至 100，S6）"),
        ("knowledge_reuse", "share", "share of questions answered from the knowledge base (S7)",
         "由知识库解答的提问比例（S7）"),
        ("target_resilience", "share", "share of targets adjusted where needs changed (S8)",
         "需求变化时获得调整的目标比例（S8）"),
        ("capability", "number", "sales capability, 0 to 100 (S9)", "销售能力（0–100，S9）"),
        ("scorecard", "number", "balanced scorecard, 0 to 100 (S10)", "平衡计分卡（0–100，S10）"),
    ),
    "request": _fields(
        ("status", "choice", "state of the request", "请求状态", ("open", "answered", "withdrawn")),
        ("owner", "text", "who asked", "发起人"),
        ("desk", "choice", "desk that answers", "支持部门", DESKS),
        ("opportunity", "text", "opportunity it serves", "所属商机"),
        ("requested_at", "instant", "when it was asked", "发起时间"),
        ("promised_at", "instant", "promised by", "承诺时间"),
        ("answered_at", "instant", "when it was answered", "答复时间"),
        ("escalated", "flag", "has been escalated", "已升级"),
        ("required", "number", "fields required by a rule and not yet recorded", "待补字段"),
        ("flag", "choice", "warning colour", "预警颜色", FLAGS),
        ("asked_for", "choice", "what is asked for", "请求内容", ASKED_FOR),
        ("question", "text", "the question in words", "请求说明"),
        ("answer", "text", "the answer in words", "答复内容"),
        ("granted", "flag", "was granted", "已批准"),
        ("sum", "money", "money asked for", "申请金额"),
        ("discount", "share", "discount asked for", "申请折扣"),
        ("spent_before", "money", "expenses on the opportunity when it was asked", "申请时的累计费用"),
    ),
}

RECORD_KINDS = tuple(FIELDS)
OWN = Kind(
    "own",
    _fields(
        ("status", "choice", "state", "状态", ("open", "started", "completed", "withdrawn")),
        ("name", "text", "name", "名称"),
        ("owner", "text", "person responsible", "负责人"),
        ("registered_at", "instant", "when it was entered", "登记时间"),
        ("started_at", "instant", "when it was started", "开始时间"),
        ("completed_at", "instant", "when it was completed", "完成时间"),
        ("changed_at", "instant", "last change", "最近变更时间"),
        ("required", "number", "fields required by a rule and not yet recorded", "待补字段"),
        ("flag", "choice", "warning colour", "预警颜色", FLAGS),
    ),
)
"""What every kind of record has that a policy declares."""
MOST_DECLARED = 32
"""Kinds of record that one store may hold besides the built-in ones."""
SLOTS: tuple[str, ...] = (*RECORD_KINDS, *[OWN] * MOST_DECLARED)
"""By code of a kind: the built-in kind, or OWN."""
WIDTH = max(len(fields) for fields in FIELDS.values())


def _columns(kind: str):
    names = [field.name for field in FIELDS[kind]]
    return namedtuple(kind.capitalize() + "Columns", names)(*range(len(names)))


LEAD_KIND, OPPORTUNITY_KIND, CUSTOMER_KIND, UNIT_KIND, REQUEST_KIND = range(len(RECORD_KINDS))
LEAD = _columns("lead")
OPPORTUNITY = _columns("opportunity")
CUSTOMER = _columns("customer")
UNIT = _columns("unit")
REQUEST = _columns("request")


class Event(NamedTuple):
    """Codes of the kinds of event."""

    # Actor events: something a person, a customer or the clock of the firm did, and that was recorded.
    registered: int  # a lead, opportunity, customer, unit or request enters the record; payload: its first values
    assigned: int  # payload: owner
    attempt: int  # an attempt to reach the customer that failed; an action
    first_contact: int  # the first conversation; an action
    contact: int  # a further conversation: call, mail, meeting; an action
    document: int  # a document or quote went out; an action
    needs_recorded: int  # payload: needs_summary and other facts learnt
    field_recorded: int  # payload: any field
    next_step: int  # payload: next_step_at
    advanced: int  # payload: stage
    forecast: int  # payload: amount, close_at
    converted: int  # a lead became an opportunity
    won: int
    lost: int
    no_decision: int
    stall_explained: int  # payload: stall_reason; clears a freeze; no action
    reassigned: int  # payload: owner
    answered: int  # a desk answered a request
    withdrawn: int  # a request is no longer needed
    delivered: int
    service_visit: int
    satisfaction: int  # payload: satisfaction
    purchase: int  # payload: purchases, revenue
    churned: int
    spent: int  # an expense on an opportunity; payload: expenses
    paid: int  # payload: payments, late_payments
    complained: int  # payload: complaints
    viewed: int  # the customer looked at a page or document that was sent; payload: view_minutes
    target_set: int  # payload: target, attained, period_start_at, period_end_at
    committed: int  # a target was signed
    attained: int  # payload: attained
    counted: int  # payload: effective_visits, tailored_quotes or upsells
    absence_began: int  # payload: left_at, where it is for good
    absence_ended: int
    adjusted: int  # payload: target, adjustments
    ranked: int  # payload: rank
    started: int  # work on a record of a declared kind began
    completed: int  # a record of a declared kind is done
    voided: int  # an earlier event is withdrawn; payload: that event's number
    # Effects of rules: computed from the record, never posted.
    fired: int  # a live rule fired; payload: rule
    shadow_fired: int  # a rule in shadow would have fired
    frozen: int
    field_required: int  # payload: field
    notified: int  # payload: role
    todo_opened: int  # payload: role
    todo_closed: int
    escalated: int  # payload: role
    flagged: int  # payload: colour
    flag_closed: int
    field_set: int  # payload: field and value
    rerouted: int
    offered: int  # something to send to the customer is at the owner's disposal; payload: offer
    refused: int  # a gate refused; payload: gate
    passed_on: int  # goes to another owner; payload: the number of a name
    approval_asked: int  # payload: desk; what it grants is required from then on


EVENTS = Event._fields
EVENT = Event(*range(len(EVENTS)))
ACTOR_EVENTS = EVENTS[: EVENT.fired]
EFFECT_EVENTS = EVENTS[EVENT.fired :]

MOVES: dict[str, dict[str, tuple[str, ...]]] = {
    "registered": {
        "lead": ("registered_at",),
        "opportunity": ("opened_at", "stage_changed_at", "last_progress_at"),
        "customer": ("since_at",),
        "unit": ("present_since",),
        "request": ("requested_at",),
        "own": ("registered_at", "changed_at"),
    },
    "assigned": {"lead": ("assigned_at",), "own": ("changed_at",)},
    "reassigned": {"own": ("changed_at",)},
    "field_recorded": {"own": ("changed_at",)},
    "started": {"own": ("started_at", "changed_at")},
    "completed": {"own": ("completed_at", "changed_at")},
    "withdrawn": {"own": ("changed_at",)},
    "attempt": {"lead": ("last_action_at",), "opportunity": ("last_action_at",), "customer": ("last_action_at",)},
    "first_contact": {
        "lead": ("first_contact_at", "last_action_at"),
        "opportunity": ("first_contact_at", "last_action_at"),
        "customer": ("last_action_at",),
    },
    "contact": {"lead": ("last_action_at",), "opportunity": ("last_action_at",), "customer": ("last_action_at",)},
    "document": {
        "lead": ("last_action_at",),
        "opportunity": ("last_action_at", "quote_sent_at"),
        "customer": ("last_action_at",),
    },
    "needs_recorded": {"lead": ("last_progress_at",), "opportunity": ("last_progress_at",)},
    "advanced": {"opportunity": ("stage_changed_at", "last_progress_at")},
    "converted": {"lead": ("last_progress_at",)},
    "won": {"opportunity": ("won_at",)},
    "stall_explained": {"lead": ("reopened_at",), "opportunity": ("reopened_at",)},
    "answered": {"request": ("answered_at",)},
    "delivered": {"customer": ("delivered_at",)},
    "spent": {"opportunity": ("expense_at",)},
    "viewed": {"opportunity": ("viewed_at",)},
    "service_visit": {"customer": ("service_visit_at", "last_action_at")},
    "committed": {"unit": ("committed_at",)},
    "absence_ended": {"unit": ("present_since",)},
}
"""Since-fields that an event kind moves, by kind of record; a rule's `since` may name these and no others."""

SETS: dict[str, dict[str, dict[str, float]]] = {
    "registered": {
        "lead": {"status": 0, "contacted": 0, "frozen": 0, "attempts": 0, "required": 0},
        "opportunity": {"status": 0, "frozen": 0, "actions": 0, "required": 0},
        "customer": {"status": 0, "required": 0},
        "unit": {"absent": 0, "required": 0, "flag": 0},
        "request": {"status": 0, "escalated": 0, "required": 0},
        "own": {"status": 0, "required": 0},
    },
    "started": {"own": {"status": 1}},
    "completed": {"own": {"status": 2}},
    "assigned": {"lead": {"status": 1}},
    "first_contact": {"lead": {"contacted": 1}},
    "converted": {"lead": {"status": 2}},
    "won": {"opportunity": {"status": 1}},
    "lost": {"lead": {"status": 3}, "opportunity": {"status": 2}},
    "no_decision": {"opportunity": {"status": 3}},
    "stall_explained": {"lead": {"frozen": 0}, "opportunity": {"frozen": 0}},
    "answered": {"request": {"status": 1}},
    "withdrawn": {"request": {"status": 2}, "own": {"status": 3}},
    "churned": {"customer": {"status": 1}},
    "absence_began": {"unit": {"absent": 1}},
    "absence_ended": {"unit": {"absent": 0}},
}
"""Values that an event kind fixes whatever its payload, by kind of record."""

COUNTING: dict[str, dict[str, str]] = {
    "attempt": {"lead": "attempts", "opportunity": "actions"},
    "first_contact": {"opportunity": "actions"},
    "contact": {"opportunity": "actions"},
    "document": {"opportunity": "actions"},
}
"""Fields that count events of a kind, by kind of record: each one adds 1, and its payload may state another number."""

SCORED = (
    "win_chance", "win_ever", "journey", "quote_risk", "churn_risk", "energy_lost", "temperature", "knowledge_reuse",
    "target_resilience", "capability", "scorecard",
)  # fmt: skip
"""Fields in which the coach records what it reckons; no rule sets them."""

SIGNALS = {
    ("opportunity", "health"): ("custom.document_open_rate", "custom.question_asked_at", "custom.question_answered_at")
}
"""Custom fields that a derived field looks at where somebody records them, in the order in which it takes them."""

APPROVALS = tuple(f"{desk}_approval" for desk in DESKS)
"""The field of an opportunity in which each desk's approval stands."""

GATES = ("advance", "sign", "order", "expense", "create", "start", "complete")
GATES_OF = {
    "lead": ("create",),
    "opportunity": ("advance", "sign", "order", "expense", "create"),
    "customer": ("order", "create"),
    "unit": ("create",),
    "request": ("create",),
    "own": ("create", "start", "complete"),
}
"""Steps that records of a kind come to at all; a gate before another never refuses anything."""
PERIODS = ("day", "week", "month", "quarter")
ROLES = ("owner", "manager", "director", "finance", "presales", "legal", "delivery", "team", "regional_director")


def fields_of(kind: str) -> tuple[Field, ...]:
    """Fields of the records of a kind, without those that come over links; KeyError for a kind that nobody declared."""
    return kind.fields if isinstance(kind, Kind) else FIELDS[kind]


def known_fields(kind: str) -> tuple[Field, ...]:
    """The same with those that come over links."""
    return (*kind.fields, *kind.over) if isinstance(kind, Kind) else FIELDS[kind]


def built_as(kind: str) -> str:
    """The built-in kind, or `own` for one that a policy declares: the key of MOVES, SETS and COUNTING."""
    return "own" if isinstance(kind, Kind) and kind.declared else str(kind)


def found_field(kind: str, name: str) -> Field | None:
    """The field of that name, also one over a link; None for none."""
    return next((each for each in known_fields(kind) if each.name == name), None)


def field(kind: str, name: str) -> Field:
    """The field of that name; KeyError names the kind and the field."""
    found = found_field(kind, name)
    if found is None:
        raise KeyError(f"{kind}.{name}")
    return found


def column(kind: str, name: str) -> int:
    """Column of a field in the value row that every record of a kind has, whatever a policy declares."""
    fixed = OWN.fields if built_as(kind) == "own" else FIELDS[str(kind)]
    return [candidate.name for candidate in fixed].index(name)


def has_column(kind: str, name: str) -> bool:
    """Whether every record of a kind has the field; the columns of others depend on the policies of an office or store."""
    fixed = OWN.fields if built_as(kind) == "own" else FIELDS[str(kind)]
    return any(candidate.name == name for candidate in fixed)


JOURNAL = np.dtype(
    [
        ("number", "i8"),  # rows with the same number are one event with several payload fields
        ("recorded_at", "i8"),
        ("acted_at", "i8"),
        ("event", "i4"),  # EVENT code
        ("kind", "i4"),  # kind of record
        ("row", "i4"),  # the record
        ("actor", "i4"),  # row of the unit that acted; -1 for nobody
        ("column", "i4"),  # payload field; -1 for none
        ("rule", "i4"),  # position of the rule in the policy; -1 for actor events
        ("value", "f8"),  # payload value; for effects their argument
        ("due_at", "i8"),  # effects: when it was due; -1 for actor events
    ]
)
"""One journal row. Actor events and effects share the layout; `recorded_at` never falls from row to row."""
