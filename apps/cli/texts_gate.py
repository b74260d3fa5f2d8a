"""Texts of `rehearse validate`, in English and Chinese, under one key each."""

GATE_TEXTS: dict[str, tuple[str, str]] = {
    "validate": ("Validate a policy before it goes live.", "制度上线前的验证。"),
    "validate.help": (
        "Validate POLICY before it goes live: a static check; its rules over the past that STORE recorded, each event at the "
        "instant at which it was recorded; a rehearsal on a simulated office; and a decision by the guardrails. It is compared "
        "with the policy in force unless --against names another. Exit code 1 if it does not pass; undecided is no pass.",
        "在 POLICY 上线前进行验证：静态检查；按 STORE 中各事件的记录时刻，重算其规则对历史的触发；在模拟团队上预演；"
        "再按底线作出决定。除非用 --against 另行指定，否则与现行制度比较。未通过时退出码为 1；无法判定不算通过。",
    ),
    "option.validate_store": ("The store: a SQLite file or a database URL.", "存储：SQLite 文件或数据库地址。"),
    "option.validate_guardrails": (
        "YAML file of lines for the rehearsal and for the past (rehearse schema guardrails).",
        "底线文件（YAML），含预演与历史两部分（见 rehearse schema guardrails）。",
    ),
    "option.against": ("Policy to compare with instead of the one in force.", "用以比较的制度，代替现行制度。"),
    "option.validate_xlsx": ("Write the report as an Excel workbook.", "把报告写成 Excel 工作簿。"),
    "validate.past": ("The past, event by event", "逐个事件重算历史"),
    "validate.past_against": ("The past under the other policy", "另一制度下的历史"),
    "validate.rehearsal": ("Rehearsal", "预演"),
    "validate.events": ("events", "事件"),
    "validate.passed": ("PASS: “{title}” may go live.", "通过：“{title}”可以上线。"),
    "validate.failed": ("FAIL: “{title}” does not pass.", "未通过：“{title}”。"),
    "validate.compared": ("Compared with “{title}”.", "与“{title}”比较。"),
    "validate.history": (
        "{events} events of {people} people over {weeks} weeks",
        "{weeks} 周内 {people} 人的 {events} 个事件",
    ),
    "validate.rule": ("rule", "规则"),
    "validate.firings": ("firings", "触发数"),
    "validate.per_week": ("per person and week", "每人每周"),
    "validate.notices": ("notices", "通知数"),
    "validate.first_day": ("first day: from now / catching up", "首日：重新计时 / 补算"),
    "validate.against": ("other policy: firings", "对照制度：触发数"),
    "validate.all": ("all rules", "全部规则"),
}
