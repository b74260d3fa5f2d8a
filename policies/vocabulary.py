"""Words for the settings and rules of a policy, in English and Chinese; `words.py` makes sentences of them."""

# One sentence per setting, with a place for its value; the value may be a change ("weekly instead of monthly").
SENTENCES = {
    "targets.cadence": ("Targets are set {}", "目标周期：{}"),
    "targets.visibility": ("Attainment is seen by {}", "完成情况的可见范围：{}"),
    "targets.level.method": ("The level of targets comes from {}", "目标水平的来源：{}"),
    "targets.level.stretch": ("Targets are set at {} what the method gives", "目标为测算值的：{}"),
    "targets.level.fixed_target": ("A fixed target is {} per rep and month", "每人每月固定目标：{}"),
    "targets.level.market_correction": ("Targets are corrected for the market by {}", "目标的市场修正：{}"),
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
    "routing.registration": ("Leads are entered {}", "线索登记方式：{}"),
    "routing.method": ("A new lead goes to {}", "新线索分配给：{}"),
    "routing.within_minutes": ("A lead is assigned within {}", "线索分配时限：{}"),
    "routing.lead_cap": ("Open leads a rep may hold: {}", "每人可持有的未结线索数：{}"),
    "recording.fields_asked": ("Fields asked at each update: {}", "每次更新需填写的字段数：{}"),
    "recording.advanced_fields": ("Advanced fields that may be left empty: {}", "可选的进阶字段数：{}"),
    "recording.reward_day": ("Reward for a day with complete records: {}", "当日记录完整的奖励：{}"),
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
    "daily": ("daily", "每日"), "weekly": ("weekly", "每周"), "monthly": ("monthly", "每月"), "quarterly": ("quarterly", "每季度"),
    "day": ("day", "日"), "week": ("week", "周"), "month": ("month", "月"), "quarter": ("quarter", "季度"),
    "calibrated": ("the last 12 months (calibrated)", "按近 12 个月校准"),
    "annual_twelfths": ("an annual figure divided by 12", "年度目标除以 12"), "fixed": ("a fixed figure", "固定值"),
    "need_change": ("a changed customer need", "客户需求变化"),
    "manual": ("by hand", "人工"), "automatic": ("by themselves", "自动"), "on_the_spot": ("on the spot, with a photo", "现场带照片登记"),
    "random": ("a rep drawn by chance", "随机销售"), "round_robin": ("the next rep in turn", "轮到的销售"),
    "best_suited": ("the best-suited rep", "最合适的销售"), "nearest": ("the nearest rep", "最近的销售"),
    "pool": ("a pool from which reps help themselves", "公共池"),
    "owner": ("the owner", "负责人"), "manager": ("the manager", "经理"), "director": ("the sales director", "销售总监"),
    "finance": ("finance", "财务"), "presales": ("presales", "售前"), "legal": ("legal", "法务"), "delivery": ("delivery", "交付"),
    "team": ("the team", "团队"), "green": ("green", "绿色"), "amber": ("amber", "黄色"), "red": ("red", "红色"),
    "new": ("new", "新建"), "open": ("open", "进行中"), "converted": ("converted", "已转化"), "lost": ("lost", "丢单"),
    "won": ("won", "赢单"), "no_decision": ("without decision", "无决定"), "active": ("active", "活跃"), "churned": ("churned", "流失"),
    "answered": ("answered", "已答复"), "withdrawn": ("withdrawn", "已撤回"), "rep": ("a rep", "销售个人"), "region": ("a region", "区域"),
    "company": ("the company", "公司"), "website": ("the website", "官网"), "referral": ("a referral", "转介绍"),
    "exhibition": ("an exhibition", "展会"), "store": ("a store", "门店"), "outbound": ("outbound calls", "外呼"),
    "existing_customer": ("an existing customer", "老客户"),
    "advance": ("moving to the next stage", "推进到下一阶段"), "sign": ("signing", "签约"), "order": ("ordering", "下单"),
    "expense": ("an expense", "报销"), "create": ("creating the record", "新建记录"),
}  # fmt: skip

# Where a name means something else in one setting.
CHOICES_OF = {
    "targets.cadence": {"none": ("not at all", "不设目标")},
    "targets.visibility": {
        "none": ("nobody", "无人"), "private": ("only the rep", "仅本人"), "public": ("everybody", "所有人"),
        "anonymous": ("everybody, without names", "所有人（匿名）"),
    },
    "targets.elasticity.evidence": {"none": ("none", "无")},
    "routing.method": {"manual": ("the rep that the manager chooses", "经理指定的销售")},
    "pay.period": {"none": ("not at all", "不结算"), None: ("with the targets", "与目标周期一致")},
    "notices.quiet_from": {None: ("no time", "无")},
    "notices.quiet_to": {None: ("no time", "无")},
}  # fmt: skip

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
    "eq": ("{} is {}", "{}为{}"), "ne": ("{} is not {}", "{}不为{}"), "lt": ("{} is below {}", "{}低于{}"),
    "le": ("{} is at most {}", "{}不超过{}"), "gt": ("{} is above {}", "{}高于{}"), "ge": ("{} is at least {}", "{}不低于{}"),
    "in": ("{} is {}", "{}为{}"), "missing": ("{} is not recorded", "{}未记录"), "present": ("{} is recorded", "{}已记录"),
}  # fmt: skip
EFFECTS = {
    "frozen": ("it is frozen", "冻结"), "rerouted": ("it is given to another rep", "重新分配"),
    "field_required": ("it cannot advance or be signed until the {} is recorded", "填写{}之前不得推进或签约"),
    "notified": ("{} is notified", "通知{}"), "todo_opened": ("{} gets a to-do", "{}收到待办"),
    "escalated": ("it is escalated to {}", "升级至{}"), "flagged": ("it is flagged {}", "标为{}"),
    "field_set": ("the {} is set to {}", "将{}设为{}"),
}  # fmt: skip

PARTS = {
    "instead": ("{new} instead of {old}", "{new}（原为{old}）"),
    "and": (" and ", "且"),
    "or": (" or ", "或"),
    "comma": (", ", "，"),
    "semicolon": ("; ", "；"),
    "stop": (".", "。"),
    "not": ("not ({})", "并非（{}）"),
    "always": ("always", "任何情况"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "since_one": ("the {}", "{}"),
    "since_latest": ("the latest of {}", "{}中最晚者"),
    "timed": ("{after} after {since} of {kind}, if {when}: {effects}", "{kind}自{since}起满 {after}，若{when}：{effects}"),
    "timed_at_once": ("From {since} of {kind} on, as soon as {when}: {effects}", "{kind}自{since}起，一旦{when}：{effects}"),
    "periodic": ("At the end of each {every}, if for {kind} {when}: {effects}", "每{every}结束时，若{kind}的{when}：{effects}"),
    "periodic_streak": (
        "At the end of each {every}, if for {kind} {when}, {streak} times in a row: {effects}",
        "每{every}结束时，若{kind}的{when}，且连续 {streak} 次：{effects}",
    ),
    "gate": ("For {kind}, {gate} is refused while {when}", "若{kind}的{when}，则拒绝{gate}"),
    "shadow": (" (in shadow: only journalled)", "（试运行：只记录）"),
    "off": (" (switched off)", "（已停用）"),
    "exempt": (" Exempt: {}.", "不适用于：{}。"),
    "catch_up": (" It also catches up on the past.", "启用时补算过去。"),
    "rule_added": ("New rule '{id}': {words}", "新增规则“{id}”：{words}"),
    "rule_dropped": ("Rule '{id}' is gone: {words}", "取消规则“{id}”：{words}"),
    "rule_after": ("Rule '{id}' acts after {}.", "规则“{id}”的等待时间：{}。"),
    "rule_streak": ("Rule '{id}' acts after this many looks in a row: {}.", "规则“{id}”所需的连续次数：{}。"),
    "rule_mode": ("Rule '{id}' is {}.", "规则“{id}”的状态：{}。"),
    "rule_changed": ("Rule '{id}' now reads: {words}", "规则“{id}”改为：{words}"),
    "rules_reordered": ("The rules come in another order.", "规则的先后顺序不同。"),
    "stages": ("The stages are {}", "阶段：{}"),
    "stage_asks": ("To leave the stage {stage}, the {fields} must be recorded.", "离开“{stage}”阶段前须填写{fields}。"),
    "stage_no_longer": (
        "To leave the stage {stage}, the {fields} need no longer be recorded.",
        "离开“{stage}”阶段不再需要填写{fields}。",
    ),
    "guardrail": ("Guardrail: {metric} may get worse by at most {share}.", "底线：{metric}最多变差 {share}。"),
    "guardrail_dropped": ("There is no longer a guardrail on {metric}.", "不再对 {metric} 设底线。"),
    "same": ("The two policies say the same.", "两套制度内容相同。"),
}
MODES = {"live": ("live", "启用"), "shadow": ("in shadow", "试运行"), "off": ("switched off", "停用")}
