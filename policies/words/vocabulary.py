"""Words for the settings and rules of a policy, in English and Chinese; `words.py` makes sentences of them."""

# One sentence per setting, with a place for its value; the value may be a change ("weekly instead of monthly").
SENTENCES = {
    "targets.cadence": ("Targets are set {}", "目标周期：{}"),
    "targets.visibility": ("Attainment is seen by {}", "完成情况的可见范围：{}"),
    "targets.level.method": ("The level of targets comes from {}", "目标水平的来源：{}"),
    "targets.level.stretch": ("Targets are set at {} what the method gives", "目标为测算值的：{}"),
    "targets.level.fixed_target": ("A fixed target is {} per rep and month", "每人每月固定目标：{}"),
    "targets.level.market_correction": ("Targets are corrected for the market by {}", "目标的市场修正：{}"),
    "targets.level.market_by_region": ("By region targets are corrected for the market: {}", "分区域的市场修正：{}"),
    "targets.level.core_share": ("Core accounts carry {} of the target", "核心客户承担的目标比例：{}"),
    "targets.level.seasonal": ("Targets follow the season: {}", "目标随季节波动：{}"),
    "targets.ratchet.up": ("Of a beat, {} is added to the next target", "超额部分计入下期目标的比例：{}"),
    "targets.ratchet.down": ("Of a miss, {} is taken off the next target", "缺口部分从下期目标扣减的比例：{}"),
    "targets.action_units.effective_visits": ("Effective visits asked per week: {}", "每周要求的有效拜访次数：{}"),
    "targets.action_units.tailored_quotes": ("Tailored quotes asked per week: {}", "每周要求的定制报价数：{}"),
    "targets.action_units.upsells": ("Upsells asked per week: {}", "每周要求的老客户增购数：{}"),
    "targets.elasticity.day": (
        "An adjustment may be asked for on business day {} of the month",
        "每月可申请调整目标的工作日：第 {} 个",
    ),
    "targets.elasticity.per_quarter": ("Adjustments of the target allowed per quarter: {}", "每季度可调整目标的次数：{}"),
    "targets.elasticity.evidence": ("Evidence needed for an adjustment: {}", "申请调整所需证据：{}"),
    "targets.elasticity.approved_by": ("An adjustment is approved by {}", "调整的批准人：{}"),
    "targets.moves.reviewed": ("What could move between units is gone through {}", "可在单位之间调配的资源的审阅周期：{}"),
    "targets.moves.behind": ("A unit is helped below {} of its pace", "低于进度的{}时予以支援"),
    "targets.moves.gives_from": ("A unit gives from {} of its pace on", "达到进度的{}时可以支援他人"),
    "targets.moves.leads_share": ("At most {} of the weekly leads of a unit move to another", "单位每周线索最多调出：{}"),
    "targets.moves.presales_hours": (
        "Presales hours a week in which a unit behind comes first: {}", "落后单位每周优先的售前工时：{}"
    ),
    "targets.moves.budget_share": (
        "At most {} of the weekly expenses of a unit move to another", "单位每周费用最多调出：{}"
    ),
    "targets.moves.decided_by": ("A move between units is decided by {}", "单位间调配的决定人：{}"),
    "routing.registration": ("Leads are entered {}", "线索登记方式：{}"),
    "routing.method": ("A new lead goes to {}", "新线索分配给：{}"),
    "routing.within_minutes": ("A lead is assigned within {}", "线索分配时限：{}"),
    "routing.lead_cap": ("Open leads a rep may hold: {}", "每人可持有的未结线索数：{}"),
    "routing.assigned_by": ("Real leads without an owner are given out by {}", "无负责人的真实线索的分配者：{}"),
    "recording.fields_asked": ("Fields asked at each update: {}", "每次更新需填写的字段数：{}"),
    "recording.advanced_fields": ("Advanced fields that may be left empty: {}", "可选的进阶字段数：{}"),
    "recording.reward_day": ("Reward for a day with complete records: {}", "当日记录完整的奖励：{}"),
    "recording.programme_days": (
        "A habit programme of {} begins for everybody: first entering in time, then filling in, then bringing colleagues along",
        "每人参加为期{}的记录习惯计划：先求及时，再求完整，后带动同事",
    ),
    "recording.within_hours": ("An entry is in time within {} of what it tells", "事后{}内录入算及时"),
    "recording.entries_day": (
        "Entries in time that a day with complete records needs: {}", "当日记录完整所需的及时录入条数：{}"
    ),
    "recording.filled": (
        "In the second part of the programme {} of decision maker, budget and competitor are to stand on the deals entered on",
        "计划第二段要求所录商机的决策人、预算与竞争对手填写率达到：{}",
    ),
    "pay.base_month": ("Base pay per month is {}", "每月底薪：{}"),
    "pay.commission": ("Commission is {} of what is sold", "提成比例：{}"),
    "pay.bonus": ("The bonus at target is {} per month", "每月达标奖金：{}"),
    "pay.accelerator": ("Above target the commission is {} the usual", "超过目标后的提成倍数：{}"),
    "pay.cap": ("Sales earn commission up to this part of the target: {}", "计提成的销售额上限（目标的倍数）：{}"),
    "pay.period": ("Bonus and accelerator are reckoned {}", "奖金与加速的结算周期：{}"),
    "support.presales_hours": ("Presales promises an answer within {}", "售前承诺答复时间：{}"),
    "support.legal_hours": ("Legal promises an answer within {}", "法务承诺答复时间：{}"),
    "support.delivery_hours": ("Delivery promises an answer within {}", "交付承诺答复时间：{}"),
    "support.finance_hours": ("Finance promises an answer within {}", "财务承诺答复时间：{}"),
    "expenses.approval": ("Expenses on customers are granted {}", "客户费用的审批：{}"),
    "guidance.action_cards": ("Newcomers get action cards: {}", "新人获得行动卡：{}"),
    "coaching.hours_per_rep_month": ("Managers coach each rep per month for {}", "每人每月辅导时长：{}"),
    "escalation.hours_per_week": ("Managers keep for escalations per week {}", "经理每周处理升级的时间：{}"),
    "notices.quiet_from": ("Quiet hours, without notices, begin at {}", "免打扰开始：{}"),
    "notices.quiet_to": ("Quiet hours, without notices, end at {}", "免打扰结束：{}"),
    "notices.digest_above": ("Notices come as one daily digest above this many a day: {}", "每日通知合并为日报的门槛：{}"),
    "notices.deputy": ("During leave a deputy gets the notices: {}", "休假期间由代理人接收通知：{}"),
    "discount.authority": ("A rep may give alone a discount of {}", "销售可自行给出的折扣：{}"),
    "discount.max": ("The highest discount with approval is {}", "经批准的最高折扣：{}"),
}

# Names of choices, wherever they stand.
CHOICES = {
    "daily": ("daily", "每日"), "weekly": ("weekly", "每周"), "monthly": ("monthly", "每月"),
    "quarterly": ("quarterly", "每季度"), "day": ("day", "日"), "week": ("week", "周"), "month": ("month", "月"),
    "quarter": ("quarter", "季度"), "calibrated": ("recent sales (calibrated)", "按近期业绩校准"),
    "annual_twelfths": ("an annual figure divided by 12", "年度目标除以 12"), "fixed": ("a fixed figure", "固定值"),
    "need_change": ("a changed customer need", "客户需求变化"), "manual": ("by hand", "人工"),
    "automatic": ("by themselves", "自动"), "on_the_spot": ("on the spot, with a photo", "现场带照片登记"),
    "random": ("a rep drawn by chance", "随机销售"), "round_robin": ("the next rep in turn", "轮到的销售"),
    "best_suited": ("the best-suited rep", "最合适的销售"), "nearest": ("the nearest rep", "最近的销售"),
    "pool": ("a pool from which reps help themselves", "公共池"), "owner": ("the owner", "负责人"),
    "manager": ("the manager", "经理"), "director": ("the sales director", "销售总监"), "finance": ("finance", "财务"),
    "presales": ("presales", "售前"), "legal": ("legal", "法务"), "delivery": ("delivery", "交付"),
    "return_calculator": ("the return-on-investment calculator", "投资回报计算器"),
    "team": ("the team", "团队"), "regional_director": ("the regional director", "区域总监"),
    "green": ("green", "绿色"), "amber": ("amber", "黄色"), "red": ("red", "红色"),
    "new": ("new", "新建"), "open": ("open", "进行中"), "converted": ("converted", "已转化"), "lost": ("lost", "丢单"),
    "won": ("won", "赢单"), "no_decision": ("without decision", "无决定"), "active": ("active", "活跃"),
    "churned": ("churned", "流失"), "answered": ("answered", "已答复"), "withdrawn": ("withdrawn", "已撤回"),
    "rep": ("a rep", "销售个人"), "region": ("a region", "区域"), "company": ("the company", "公司"),
    "website": ("the website", "官网"), "referral": ("a referral", "转介绍"), "exhibition": ("an exhibition", "展会"),
    "store": ("a store", "门店"), "outbound": ("outbound calls", "外呼"),
    "existing_customer": ("an existing customer", "老客户"), "advance": ("moving to the next stage", "推进到下一阶段"),
    "sign": ("signing", "签约"), "order": ("ordering", "下单"), "expense": ("an expense", "报销"),
    "create": ("creating the record", "新建记录"), "answer": ("an answer", "答复"), "approval": ("an approval", "批准"),
    "discount": ("a discount", "折扣"), "adjustment": ("an adjustment of the target", "目标调整"),
    "start": ("starting it", "开始"), "complete": ("completing it", "完成"),
    "started": ("started", "已开始"), "completed": ("completed", "已完成"),
}  # fmt: skip

# The phases of the work.
PHASE_WORDS = {
    "discovery": ("discovery", "需求挖掘"), "solution": ("solution", "方案匹配"), "proof": ("proof", "价值验证"),
    "negotiation": ("negotiation", "商务谈判"), "contract": ("contract", "签约"),
}  # fmt: skip

# Where a name means something else in one setting.
CHOICES_OF: dict[str, dict[str | None, tuple[str, str]]] = {
    "targets.cadence": {"none": ("not at all", "不设")},
    "targets.visibility": {
        "none": ("nobody", "无人"), "private": ("only the rep", "仅本人"), "public": ("everybody", "所有人"),
        "anonymous": ("everybody, without names", "所有人（匿名）"),
        "private_rank": ("only the rep, with the own rank", "仅本人及其名次"),
    },
    "targets.elasticity.evidence": {"none": ("none", "无")},
    "targets.moves.reviewed": {
        None: ("at no fixed time", "不定期"), "day": ("every day", "每日"), "week": ("every week", "每周"),
    },
    "routing.assigned_by": {"source": ("the system that they come from", "来源系统"), "coach": ("the coach", "教练")},
    "routing.method": {"manual": ("the rep that the manager chooses", "经理指定的销售")},
    "pay.period": {"none": ("not at all", "不结算"), None: ("with the targets", "与目标周期一致")},
    "notices.quiet_from": {None: ("no time", "无")},
    "notices.quiet_to": {None: ("no time", "无")},
    "expenses.approval": {
        "finance": ("by finance, one by one", "由财务逐笔审批"),
        "on_record": ("at once to opportunities on record", "挂靠已登记商机即时通过"),
    },
}  # fmt: skip

# Left out when a policy is told on its own: what is switched off, and details of it.
UNSAID_AT_ZERO = (
    "targets.level.fixed_target", "targets.level.market_correction", "targets.level.market_by_region",
    "targets.ratchet.up", "targets.ratchet.down",
    "targets.action_units.effective_visits", "targets.action_units.tailored_quotes", "targets.action_units.upsells",
    "targets.elasticity.per_quarter", "targets.moves.reviewed", "recording.reward_day", "recording.programme_days",
    "recording.advanced_fields",
    "support.presales_hours",
    "support.legal_hours", "support.delivery_hours", "support.finance_hours", "notices.quiet_from", "notices.quiet_to",
    "notices.digest_above", "notices.deputy", "pay.bonus", "guidance.action_cards",
)  # fmt: skip
UNSAID_AS_USUAL = (
    "targets.moves.behind", "targets.moves.gives_from", "targets.moves.leads_share", "targets.moves.presales_hours",
    "targets.moves.budget_share", "targets.moves.decided_by",
)  # fmt: skip
"""What is told only where it is not as usual."""
UNSAID_WITHOUT: dict[str, tuple[str, ...]] = {
    "targets.elasticity.day": ("targets.elasticity.per_quarter",),
    "targets.elasticity.evidence": ("targets.elasticity.per_quarter",),
    "targets.elasticity.approved_by": ("targets.elasticity.per_quarter",),
    "recording.within_hours": ("recording.reward_day", "recording.programme_days"),
    "recording.entries_day": ("recording.reward_day", "recording.programme_days"),
    "recording.filled": ("recording.programme_days",),
}
"""What is a detail of other settings: left out where all of these are switched off."""

# A whole sentence where a value makes the usual one nonsense.
WEEKDAYS = {
    "monday": ("Monday", "周一"), "tuesday": ("Tuesday", "周二"), "wednesday": ("Wednesday", "周三"),
    "thursday": ("Thursday", "周四"), "friday": ("Friday", "周五"), "saturday": ("Saturday", "周六"),
    "sunday": ("Sunday", "周日"),
}  # fmt: skip
WHOLE_SENTENCES = {("targets.cadence", "none"): ("There are no targets", "不设目标")}

NONE_AT_ZERO = {
    "routing.lead_cap": ("no limit", "不限"),
    "pay.cap": ("no cap", "不封顶"),
    "support.presales_hours": ("no set time", "无承诺"),
    "support.legal_hours": ("no set time", "无承诺"),
    "support.delivery_hours": ("no set time", "无承诺"),
    "support.finance_hours": ("no set time", "无承诺"),
    "notices.digest_above": ("never", "不合并"),
}

# How a value is written, by the unit that its field declares.
UNITS = {
    "multiple": ("{} ×", "{} 倍"), "multiple of target": ("{} × target", "目标的 {} 倍"), "minutes": ("{} minutes", "{} 分钟"),
    "hours": ("{} hours", "{} 小时"), "open hours": ("{} open hours", "{} 个营业小时"),
    "days": ("{} days", " {} 天"),
}  # fmt: skip
DURATIONS = {
    "min": ("{} minutes", "{} 分钟"), "h": ("{} hours", "{} 小时"), "d": ("{} days", "{} 天"), "w": ("{} weeks", "{} 周"),
    "bd": ("{} business days", "{} 个工作日"), "bh": ("{} open hours", "{} 个营业小时"),
}  # fmt: skip

KINDS = {
    "lead": ("a lead", "线索"), "opportunity": ("an opportunity", "商机"), "customer": ("a customer", "客户"),
    "unit": ("a rep, team or region", "个人、团队或区域"), "request": ("a request to a support desk", "支持请求"),
}  # fmt: skip
OPERATORS = {
    "eq": ("the {} is {}", "{}为{}"), "ne": ("the {} is not {}", "{}不为{}"), "lt": ("the {} is below {}", "{}低于{}"),
    "le": ("the {} is at most {}", "{}不超过{}"), "gt": ("the {} is above {}", "{}高于{}"),
    "ge": ("the {} is at least {}", "{}不低于{}"), "in": ("the {} is {}", "{}为{}"),
    "missing": ("the {} is not recorded", "{}未记录"), "present": ("the {} is recorded", "{}已记录"),
}  # fmt: skip
INSTANT_OPERATORS = OPERATORS | {
    "lt": ("the {} is before {}", "{}早于{}"), "le": ("the {} is not after {}", "{}不晚于{}"),
    "gt": ("the {} is after {}", "{}晚于{}"), "ge": ("the {} is not before {}", "{}不早于{}"),
}  # fmt: skip
STATUS_OPERATORS = {"eq": ("it is {1}", "{0}为{1}"), "ne": ("it is not {1}", "{0}不为{1}"), "in": ("it is {1}", "{0}为{1}")}
EFFECTS = {
    "frozen": ("it is frozen", "冻结"), "rerouted": ("it is given to another rep", "重新分配"),
    "field_required": ("it cannot advance or be signed until the {} is recorded", "填写{}之前不得推进或签约"),
    "field_required_of_own": ("it cannot be started or completed until the {} is recorded", "填写{}之前不得开始或完成"),
    "notified": ("{} is notified", "通知{}"), "todo_opened": ("{} gets a to-do", "{}收到待办"),
    "escalated": ("it is escalated to {}", "升级至{}"), "flagged": ("it is flagged {}", "标为{}"),
    "offered": ("{} is offered for the customer (live only)", "可向客户提供{}（仅真实环境）"),
    "flag_set": ("it is recorded that {}", "记为{}"),
    "field_set": ("the {} is set to {}", "将{}设为{}"),
    "passed_on": ("it goes to {}", "转给{}"),
    "passed_on_by_routing": ("it goes to whom the policy's routing chooses", "按制度的分配方式转给他人"),
    "approval_asked": (
        "{} is asked to approve, and it cannot advance or be signed until {} does", "请{0}审批，{1}批准之前不得推进或签约",
    ),
    "titled": (" ‘{}’", "“{}”"),
    "within": (", due within {}", "，{}内到期"),
}  # fmt: skip

# Names for use inside an English sentence, where the label of the field is a whole phrase.
FIELD_NAMES = {
    "captured_at": "first sign of the customer", "registered_at": "registration", "assigned_at": "assignment",
    "first_contact_at": "first conversation", "last_action_at": "last action", "last_progress_at": "last progress",
    "opened_at": "opening", "stage_changed_at": "last change of stage", "close_at": "expected closing date",
    "reopened_at": "reactivation", "won_at": "win", "requested_at": "request", "promised_at": "promised time",
    "answered_at": "answer", "started_at": "start", "completed_at": "completion", "changed_at": "last change",
    "since_at": "first purchase", "committed_at": "signing of the target",
    "present_since": "return to work", "left_at": "leaving", "period_start_at": "start of the period",
    "period_end_at": "end of the period",
    "owner": "owner", "source": "source", "level": "level", "desk": "desk", "opportunity": "opportunity",
    "attempts": "number of attempts", "actions": "number of actions",
    "effective_visits": "number of effective visits this week", "tailored_quotes": "number of tailored quotes this week",
    "upsells": "number of upsells this week", "adjustments": "number of adjustments this quarter",
    "purchases": "number of orders", "needs_summary": "needs summary", "next_step_at": "date of the next conversation",
    "stall_reason": "stall reason", "decision_maker": "decision maker", "proposal_pages": "page list of the proposal",
    "value_proof": "proof of value", "rank": "rank", "parent": "unit above", "score": "score",
    "budget_tier": "budget tier", "satisfaction": "last satisfaction", "days_idle": "number of days without action",
    "expenses": "sum of expenses", "expense_at": "last expense", "days_without_progress": "number of days without progress",
    "payments": "number of payments", "late_payments": "number of late payments",
    "complaints": "number of returns and complaints", "risk_events": "number of risk events", "health": "health score",
    "name": "name", "tax_number": "tax number", "phone": "telephone number",
    "behind_pace": "shortfall against pace", "attainment": "attainment", "required": "number of fields still required",
    "flag": "warning colour", "viewed_at": "customer's last look",
    "view_minutes": "length of the customer's last look in minutes",
    "win_chance": "chance of being won within 90 days", "win_ever": "chance of ever being won",
    "journey": "completeness of the customer journey", "quote_risk": "share of like offers that were lost",
    "churn_risk": "share of customers with as many signs that left", "energy_lost": "share of working time lost",
    "temperature": "temperature (would recommend us)", "knowledge_reuse": "share of questions answered from the knowledge base",
    "target_resilience": "share of targets adjusted where needs changed", "capability": "sales capability",
    "scorecard": "balanced scorecard",
    "presales_approval": "approval of presales", "delivery_approval": "approval of delivery",
    "finance_approval": "approval of finance", "manager_approval": "approval of the manager",
}  # fmt: skip

# Flags as people say them, when true and when false; other fields take the words of OPERATORS.
FLAG_WORDS = {
    "frozen": (("it is frozen", "it is not frozen"), ("已冻结", "未冻结")),
    "contacted": (("the customer was reached", "the customer was not reached yet"), ("已接触", "未接触")),
    "photo": (("a photo is filed", "no photo is filed"), ("有现场照片", "没有现场照片")),
    "absent": (("it is absent", "it is at work"), ("缺勤中", "在岗")),
    "need_change": (
        ("a changed need is on file", "no changed need is on file"), ("有客户需求变化证据", "没有客户需求变化证据"),
    ),
    "false_prosperity": (("it is falsely prosperous", "it is not falsely prosperous"), ("为虚假繁荣", "非虚假繁荣")),
    "commission_frozen": (("its commission is frozen", "its commission is not frozen"), ("提成已冻结", "提成未冻结")),
    "granted": (("it was granted", "it was not granted"), ("已批准", "未批准")),
    "escalated": (("it was escalated", "it was not escalated"), ("已升级", "未升级")),
}  # fmt: skip

THINGS = {
    "milestone": ("the milestone of a project", "项目里程碑"),
    "deliverable": ("a document of a milestone", "里程碑的交付物"),
    "invoice": ("the invoice for a milestone", "里程碑的发票"),
    "task": ("a task between departments", "部门间的任务"),
    "precedence": ("what a task comes after", "任务的先后关系"),
    "confirmation": ("a department's confirmation of a task", "部门对任务的确认"),
    "week": ("a week of the works", "生产周"),
    "promise": ("a promised date of delivery", "交期承诺"),
}
"""What people call the office's things that a declared kind may play."""

PARTS = {
    "field": ("the {}", "{}"),
    "nowhere": ("nowhere", "无"),
    "instead": ("{new} instead of {old}", "{new}（原为{old}）"),
    "and": (" and ", "和"),
    "both": (" and ", "且"),
    "or": (" or ", "或"),
    "comma": (", ", "，"),
    "none": ("none", "无"),
    "calendar": (
        "{unit} goes by a calendar of its own, and so do the units below: {parts}.", "{unit} 及其下级使用自己的日历：{parts}。",
    ),
    "calendar_same": ("nothing is otherwise", "与上级相同"),
    "calendar_dropped": ("{unit} goes by the calendar of the unit above it.", "{unit} 改用上级的日历。"),
    "calendar_zone": ("time zone {}", "时区 {}"),
    "calendar_country": ("public holidays of {}", "适用 {} 的公共假期"),
    "calendar_hours": ("open {}", "营业时间 {}"),
    "calendar_weekend": ("closed every week on: {}", "每周休息：{}"),
    "calendar_extra_holidays": ("also closed on: {}", "另休息：{}"),
    "calendar_extra_working_days": ("also open on: {}", "另营业：{}"),
    "semicolon": ("; ", "；"),
    "stop": (".", "。"),
    "not": ("not ({})", "并非（{}）"),
    "group": ("({})", "（{}）"),
    "always": ("always", "任何情况"),
    "never": ("never", "从不"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "either": (" or ", "或"),
    "the_field": ("the {}", "{}"),
    "the_own_field": ("what '{}' says", "“{}”所记时刻"),
    "latest": (", whichever is later", "（取最晚者）"),
    "if": (", if {}", "，若{}"),
    "timed": ("For {kind}, {after} after {since}{when}: {effects}", "{kind}：自{since}起满 {after}{when}：{effects}"),
    "timed_at_once": ("For {kind}, from {since} on{when}: {effects}", "{kind}：自{since}起{when}：{effects}"),
    "again": (
        "; again {every} after it fired, up to {times} times more", "；触发后每隔 {every} 再次触发，最多再触发 {times} 次",
    ),
    "once_more": ("; once more {every} after it fired", "；触发后隔 {every} 再触发一次"),
    "periodic": ("For {kind}, at the end of each {every}{when}: {effects}", "{kind}：每{every}结束时{when}：{effects}"),
    "periodic_streak": (
        "For {kind}, at the end of each {every}{when}, {streak} times in a row: {effects}",
        "{kind}：每{every}结束时{when}，且连续 {streak} 次：{effects}",
    ),
    "gate": ("For {kind}, {gate} is refused{when}", "{kind}{when}：拒绝{gate}"),
    "while": (" while {}", "，若{}"),
    "rests": ("; its clock rests while {}", "；{}期间停止计时"),
    "owner_absent": ("the owner is absent", "负责人缺勤"),
    "until": ("; to-dos and flags end when {}", "；待办与预警在{}时结束"),
    "shadow": (" (in shadow: only journalled)", "（试运行：只记录）"),
    "off": (" (switched off)", "（已停用）"),
    "exempt": (" Exempt: {}.", "不适用于：{}。"),
    "catch_up": (" It also catches up on the past.", "启用时补算过去。"),
    "record": ("name of the record", "记录名称"),
    "says": (" It says: '{}'", "提示语：“{}”"),
    "rule_added": ("New rule '{id}': {words}", "新增规则“{id}”：{words}"),
    "rule_dropped": ("Rule '{id}' is gone: {words}", "取消规则“{id}”：{words}"),
    "rule_after": ("Rule '{id}' acts after {}.", "规则“{id}”的等待时间：{}。"),
    "rule_streak": ("Rule '{id}' acts after this many looks in a row: {}.", "规则“{id}”所需的连续次数：{}。"),
    "rule_mode": ("Rule '{id}' is {}.", "规则“{id}”的状态：{}。"),
    "rule_changed": ("Rule '{id}' now reads: {words}", "规则“{id}”改为：{words}"),
    "rules_reordered": ("The rules come in another order.", "规则的先后顺序不同。"),
    "stages": ("The stages are {}", "阶段：{}"),
    "work": ("Where the work begins: {}", "各项工作的起始阶段：{}"),
    "work_begins": ("{phase} with {stage}", "{phase}始于{stage}"),
    "stage_asks": ("To leave the stage {stage}, the {fields} must be recorded.", "离开“{stage}”阶段前须填写{fields}。"),
    "stage_no_longer": (
        "To leave the stage {stage}, the {fields} need no longer be recorded.",
        "离开“{stage}”阶段不再需要填写{fields}。",
    ),
    "stage_enter": ("The stage {stage} is entered only if {condition}.", "仅当{condition}时方可进入“{stage}”阶段。"),
    "stage_leave": ("The stage {stage} is left only if {condition}.", "仅当{condition}时方可离开“{stage}”阶段。"),
    "no_longer": ("No longer: {}", "不再要求：{}"),
    "kind": ("Records of the kind '{kind}' are kept: {parts}.", "记录类型“{kind}”：{parts}。"),
    "kind_widened": ("For each {kind} is counted: {counts}.", "{kind}的统计：{counts}。"),
    "kind_plays": ("in the simulated office {}", "模拟办公室中的{}"),
    "kind_bare": ("with the usual fields", "含通用字段"),
    "kind_fields": ("with {}", "字段有{}"),
    "kind_links": ("naming {}", "指向{}"),
    "kind_counts": ("for which is counted: {}", "统计：{}"),
    "kind_choices": ("{} ({})", "{}（{}）"),
    "kind_link": ("{} ({})", "{}（{}）"),
    "kind_number": ("the records of the kind '{of}' that name it", "指向它的“{of}”条数"),
    "kind_sum": ("the sum of {field} over the records of the kind '{of}' that name it", "指向它的“{of}”的{field}之和"),
    "kind_where": (", where {}", "，条件：{}"),
    "kind_count": ("{}, {}", "{}（{}）"),
    "kind_dropped": ("Records of the kind '{kind}' are no longer declared.", "不再声明记录类型“{kind}”。"),
    "guardrail": ("Guardrail: {metric} may get worse by at most {share}.", "底线：{metric}最多变差 {share}。"),
    "guardrail_dropped": ("There is no longer a guardrail on {metric}.", "不再对 {metric} 设底线。"),
    "same": ("The two policies say the same.", "两套制度内容相同。"),
}
MODES = {"live": ("live", "启用"), "shadow": ("in shadow", "试运行"), "off": ("switched off", "停用")}
