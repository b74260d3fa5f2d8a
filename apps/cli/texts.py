"""Every text of the terminal program, in English and Chinese, under one key each.

Texts that belong to the field itself (names of metrics, meanings of policy fields, errors in documents) come from where they
are defined; here are only the program's own.
"""

from apps.cli import texts_coach
from apps.cli.language import language
from apps.cli.texts_connect import CONNECT_TEXTS
from apps.cli.texts_data import DATA_TEXTS
from apps.cli.texts_forecast import FORECAST_TEXTS
from apps.cli.texts_gate import GATE_TEXTS

TEXTS: dict[str, tuple[str, str]] = {
    # --- help: the program and its parts
    "usage": ("Usage:", "用法："),
    "options": ("Options", "选项"),
    "commands": ("Commands", "命令"),
    "help": ("Show this help and leave.", "显示本帮助并退出。"),
    "default": ("  [default: {value}]", "  [默认：{value}]"),
    "program.help": (
        "Rehearse a sales management rule on a simulated office before you try it on real people.\n"
        "POLICY, A, B and SCENARIO are names from the library (rehearse policies, rehearse scenarios) or paths of YAML files.",
        "先在模拟的销售团队中预演管理规则，再用到真人身上。\n"
        "POLICY、A、B 和 SCENARIO 可以是库中的名称（见 rehearse policies、rehearse scenarios），也可以是 YAML 文件的路径。",
    ),
    "ab": ("Compare two policies and give a verdict.", "比较两套制度并给出结论。"),
    "ab.help": (
        "Compare policy B with policy A (today's rule) on the same simulated offices, until the difference is known as "
        "precisely as asked. Exit code 1 if a guardrail is broken or undecided.",
        "在同样的模拟团队中比较制度 B 与制度 A（现行制度），直到差异达到所要求的精度。若有底线被突破或无法判定，退出码为 1。",
    ),
    "sweep": ("Vary one or two fields of a policy over a range.", "让制度的一两个字段在一个范围内变化。"),
    "sweep.help": (
        "Run a policy with one or two of its fields set to values over a range, each compared with the policy as it "
        "stands. A field is a path such as targets.level.stretch, or a rule's id and field such as freeze-idle.after.",
        "把制度的一两个字段在一个范围内逐一取值，并分别与原制度比较。"
        "字段写成路径（如 targets.level.stretch），或规则编号加字段（如 freeze-idle.after）。",
    ),
    "map": ("Draw where which policy wins.", "画出哪套制度在哪里胜出。"),
    "map.help": (
        "Draw which of two policies wins where, over one or two traits of the office: deal_size, leads_per_rep, win_rate, "
        "cycle_days, reps, team_size, or any behaviour parameter by name. Areas that the runs do not decide are shown as such.",
        "画出两套制度各在何处胜出，横纵轴为团队的一个或两个特征：deal_size（单均金额）、leads_per_rep（人均线索）、win_rate（赢单率）、"
        "cycle_days（成交周期）、reps（人数）、team_size（每队人数），或任一行为参数的名称。尚不能判定的区域会如实标明。",
    ),
    "run": ("Run one office under one policy.", "让一个团队在一套制度下运行一次。"),
    "run.help": (
        "Run one office under one policy and tell its outcomes. One run is an anecdote: to compare policies, use ab.",
        "让一个团队在一套制度下运行一次，并报告结果。单次运行只是个例；要比较制度，请用 ab。",
    ),
    "office": ("Make a scenario from five numbers that a manager knows.", "用管理者熟知的五个数字生成一个场景。"),
    "office.help": (
        "Write a scenario (YAML) for an office with the size, flow of leads, win rate, sales cycle and deal value that you "
        "state. Small pilot runs find the settings under which the simulated office really shows them.",
        "按您给出的人数、线索量、赢单率、成交周期和单均金额，写出一个场景（YAML）。程序用少量试运行找到使模拟团队真正呈现这些数字的设定。",
    ),
    "policies": ("The library of policies: list, show, diff, check.", "制度库：列出、查看、比较、检查。"),
    "policies.help": (
        "List the policies of the library, or show, compare or check policies.",
        "列出库中的制度，或查看、比较、检查制度。",
    ),
    "policies.list": ("List the library.", "列出库中全部制度。"),
    "policies.list.help": ("List the policies of the library.", "列出库中全部制度。"),
    "policies.show": ("Show a policy in plain words.", "用平白的话说明一套制度。"),
    "policies.show.help": (
        "Show a policy in plain words; with --yaml the whole document after `extends`.",
        "用平白的话说明一套制度；加 --yaml 则输出展开 `extends` 之后的完整文档。",
    ),
    "policies.diff": ("Say in words how two policies differ.", "用文字说明两套制度的差别。"),
    "policies.diff.help": ("Say in words how policy B differs from policy A.", "用文字说明制度 B 与制度 A 的差别。"),
    "policies.check": ("Check policy files.", "检查制度文件。"),
    "policies.check.help": (
        "Check policy files: unknown keys, wrong values, cycles, unreachable rules, fields that nothing records. Exit code "
        "1 if something must be mended.",
        "检查制度文件：未知的键、错误的值、循环、永不触发的规则、无人记录的字段。若有必须修正之处，退出码为 1。",
    ),
    "scenarios": ("The library of scenarios: list, show, diff, check.", "场景库：列出、查看、比较、检查。"),
    "scenarios.help": (
        "List the scenarios of the library, or show, compare or check scenarios.",
        "列出库中的场景，或查看、比较、检查场景。",
    ),
    "scenarios.list": ("List the library.", "列出库中全部场景。"),
    "scenarios.list.help": ("List the scenarios of the library.", "列出库中全部场景。"),
    "scenarios.show": ("Show a scenario.", "查看一个场景。"),
    "scenarios.show.help": ("Print a scenario with every setting, as YAML.", "以 YAML 输出一个场景的全部设定。"),
    "scenarios.diff": ("Say how two scenarios differ.", "说明两个场景的差别。"),
    "scenarios.diff.help": (
        "List the settings in which scenario B differs from scenario A.",
        "列出场景 B 与场景 A 不同的设定。",
    ),
    "scenarios.check": ("Check scenario files.", "检查场景文件。"),
    "scenarios.check.help": (
        "Check scenario files, and say which public holidays are not published yet. Exit code 1 if something must be mended.",
        "检查场景文件，并说明哪些年份的法定节假日尚未公布。若有必须修正之处，退出码为 1。",
    ),
    "schema": ("Print a JSON Schema.", "输出 JSON Schema。"),
    "schema.help": (
        "Print the JSON Schema of a policy, a scenario, a mapping, a verdict, a map or the records. "
        "Editors complete YAML with it.",
        "输出制度、场景、映射、结论、地图或记录的 JSON Schema。编辑器可据此补全 YAML。",
    ),
    "facts": ("Hold the office against nine published facts.", "用九条公开发表的事实检验模拟团队。"),
    "facts.help": (
        "Measure nine published facts on the simulated office: what they ask for, what it shows, met or missed. The full run "
        "also switches off each mechanism in turn. Exit code 1 if a fact is missed.",
        "在模拟团队上测量九条公开发表的事实：要求什么、表现如何、是否达到。"
        "完整运行还会逐一关闭各机制。若有一条未达到，退出码为 1。",
    ),
    "case": ("Put one reported case to the test.", "检验一个厂商案例。"),
    "case.help": (
        "Put a vendor's report to the test on an office of its size and setting: before, predicted and claimed. "
        "ID is one of those that rehearse cases lists, such as C4.",
        "在规模与情境相同的模拟团队上检验一个厂商案例：之前、预测与说法。编号见 rehearse cases，例如 C4。",
    ),
    "cases": ("Put all reported cases to the test.", "检验全部厂商案例。"),
    "cases.help": (
        "Put all reported cases to the test, one row per claim: supported, partly, not, or not to be simulated.",
        "检验全部厂商案例，每条说法一行：支持、部分支持、不支持或无法模拟。",
    ),
    # --- help: options
    "option.lang": ("Language of output and help.", "输出和帮助的语言。"),
    "option.quick": (
        "Fewer offices, and no mechanism is switched off: one minute instead of six.",
        "团队较少，也不逐一关闭机制：约一分钟，而非六分钟。",
    ),
    "option.page": ("Write the result as a Markdown page to this file.", "把结果以 Markdown 页面写入此文件。"),
    "option.json_file": (
        "Write the result as JSON to this file (- for the terminal).",
        "把结果以 JSON 写入此文件（- 表示终端）。",
    ),
    "option.seed": (
        "Number from which all chance is drawn; the same number gives the same result.",
        "随机种子；种子相同则结果相同。",
    ),
    "option.scenario": ("The office to simulate.", "要模拟的团队（场景）。"),
    "option.weeks": ("Weeks that count, 1 to 156.", "计入结果的周数，1 至 156。"),
    "option.metric": ("The metric that decides.", "用来判定的指标。"),
    "option.precision": (
        "Stop when the difference is known to this share of the baseline (rates: to so many points).",
        "当差异的误差小于基准的这一比例（比率类指标为百分点）时停止。",
    ),
    "option.confidence": (
        "Confidence of the deciding metric's interval. Intervals that are read together (the other metrics, the groups of reps "
        "and units) are each widened, so that all of them hold at once with it; a guardrail's bound holds one-sided with it.",
        "用来判定的指标的区间置信度。一起看的区间（其他指标、各销售群体与团队）各自放宽，使其以此置信度同时成立；"
        "底线的界限以此置信度单侧成立。",
    ),
    "option.confidence_sweep": (
        "Confidence with which the intervals of all values hold at once: each is widened, because the best of many looks good "
        "by luck alone.",
        "全部取值的区间同时成立的置信度：各区间均已放宽，因为多个取值中最好的一个可能只是偶然。",
    ),
    "option.confidence_map": (
        "Confidence with which each point of the map is decided by itself; nothing is widened for their number.",
        "地图上每一点单独判定的置信度；不因点数多而放宽。",
    ),
    "option.worlds_drawn": ("Worlds of behaviour to draw.", "抽取多少种行为参数情形。"),
    "option.worlds": (
        "Simulate exactly this many worlds instead of stopping by precision.",
        "恰好模拟这么多个情形，不按精度停止。",
    ),
    "option.max_pairs": ("Never simulate more pairs than this; 8 or more.", "最多模拟这么多对，不少于 8。"),
    "option.html": ("Write the result as one self-contained page.", "把结果写成一个自包含的网页。"),
    "option.guardrails": (
        "YAML file of further lines that must not be crossed; one on the same metric replaces policy B's own.",
        "另加底线的文件（YAML）；同一指标的底线替换制度 B 自带的。",
    ),
    "option.resume": (
        "Folder of an experiment: results are kept there, and an interrupted one is continued.",
        "实验目录：结果保存在此，中断后可从此继续。",
    ),
    "option.cluster": ("Address of a running Dask cluster.", "已在运行的 Dask 集群的地址。"),
    "option.threads": ("Threads to use; all cores if not stated.", "使用的线程数；默认用全部核心。"),
    "option.over": (
        "Field and range: from..to takes five values, from..to/step steps through; a,b,c lists values. At most twice.",
        "字段与范围：“起..止”取五个值，“起..止/步长”按步长取值，“a,b,c”逐个列出。最多两次。",
    ),
    "option.traits": (
        "Trait, or two with a comma between; NAME=from..to sets the range, else a third to three times the scenario's value.",
        "一个特征，或以逗号分隔的两个；“名称=起..止”指定范围，否则为场景值的三分之一至三倍。",
    ),
    "option.points": ("Offices to try.", "试验的团队数。"),
    "option.pairs": ("Pairs to simulate for each office.", "每个团队模拟的对数。"),
    "option.clock": ("Clock that runs the office; both give the same journal.", "运行团队的时钟；两种时钟得到同样的日志。"),
    "option.journal": (
        "Write every recorded event to this file (.parquet, .csv or .xes).",
        "把每个记录的事件写入此文件（.parquet、.csv 或 .xes）。",
    ),
    "option.people": ("Sales reps.", "销售人数。"),
    "option.leads_per_week": ("New leads a week, whole office.", "全团队每周新线索数。"),
    "option.win_rate": ("Opportunities won, of those decided.", "已有结果的商机中赢单的比例。"),
    "option.cycle": ("Time from opportunity to order, mean.", "从商机到订单的平均时间。"),
    "option.deal": ("Value of an order, mean.", "单均金额。"),
    "option.name": ("Name of the new scenario.", "新场景的名称。"),
    "option.yaml": ("Print the document itself.", "输出文档本身。"),
    # --- errors
    "error": ("Error: {message}", "错误：{message}"),
    "error.file": ("{file}: {reason}", "{file}：{reason}"),
    "error.missing_argument": ("{name} is missing.", "缺少 {name}。"),
    "error.missing_option": ("The option {name} is missing.", "缺少选项 {name}。"),
    "error.no_such_option": ("There is no option {name}.", "没有选项 {name}。"),
    "error.no_such_command": ("There is no command {name}.", "没有命令 {name}。"),
    "error.bad_value": ("{name}: {reason}", "{name}：{reason}"),
    "error.not_a_choice": ("{value} is not one of {allowed}.", "{value} 不在允许的值之内：{allowed}。"),
    "error.not_a_number": ("{value} is not a number in the range allowed.", "{value} 不是允许范围内的数。"),
    "error.pairs": (
        "{value} is no number of pairs from {least} on. Four pairs make a world, and a verdict needs two worlds: write "
        "{least} or more, several hundred where the difference is to be known precisely.",
        "{value} 不是不小于 {least} 的对数。四对为一个情形，结论至少需要两个情形：请写 {least} 或更多；"
        "若要精确得知差异，需数百对。",
    ),
    "error.from": ("{value} is not a number of {low} or more.", "{value} 不是不小于 {low} 的数。"),
    "error.above": ("{value} is not a number above {low}.", "{value} 不是大于 {low} 的数。"),
    "error.not_in_range": ("{value} is not a number from {low} to {high}.", "{value} 不是 {low} 至 {high} 的数。"),
    "error.unexpected_argument": ("There are more arguments than this command takes.", "参数过多。"),
    "error.bad_usage": ("The command cannot be understood.", "无法理解这条命令。"),
    "error.did_you_mean": ("Did you mean {names}?", "您是指 {names} 吗？"),
    "error.see_help": ("See: {command} --help", "参见：{command} --help"),
    "error.share": ("{value} is not a share such as 1% or 0.01.", "{value} 不是比例；请写成 1% 或 0.01。"),
    "error.days": ("{value} is not a time such as 45d or 6w.", "{value} 不是时间；请写成 45d 或 6w。"),
    "error.range": (
        "{value} is not FIELD=from..to, FIELD=from..to/step or FIELD=a,b,c.",
        "{value} 应写成 字段=起..止、字段=起..止/步长 或 字段=a,b,c。",
    ),
    "error.range_units": ("{value}: both ends need the same unit.", "{value}：两端必须用同一单位。"),
    "error.range_many": (
        "{value}: {count} values are too many; at most {most}.",
        "{value}：{count} 个值太多，最多 {most} 个。",
    ),
    "error.two_fields": ("at most two fields can be varied at once", "一次最多变化两个字段"),
    "error.traits": (
        "{value} is not NAME or NAME=from..to.",
        "{value} 应写成 名称 或 名称=起..止。",
    ),
    "error.ending": ("{file}: a journal ends in .parquet, .csv or .xes.", "{file}：日志文件须以 .parquet、.csv 或 .xes 结尾。"),
    # --- running
    "interrupted": ("Interrupted. To go on where it stopped:", "已中断。从中断处继续："),
    "progress.pairs": ("{pairs} pairs", "{pairs} 对"),
    "progress.width": ("± {width} (asked ± {goal})", "误差 ± {width}（要求 ± {goal}）"),
    "progress.compiling": (
        "Compiling the office for this machine (once, up to a minute)",
        "正在为本机编译模型（只需一次，最多一分钟）",
    ),
    "progress.pilots": ("Pilot runs", "试运行"),
    # --- the verdict
    "verdict.rail": ("{title} ({measure})", "{title}（{measure}）"),
    "verdict.more_differences": ("  · and {count} more differences", "  · 另有 {count} 处不同"),
    "verdict.basis": (
        "{pairs} pairs in {worlds} worlds · {window} · scenario {scenario} · {why}",
        "{pairs} 对，{worlds} 个情形 · {window} · 场景 {scenario} · {why}",
    ),
    "verdict.stopped.precision": ("stopped at the precision asked for", "达到所要求的精度后停止"),
    "verdict.stopped.max-pairs": ("stopped at the largest number of pairs", "达到最大对数后停止"),
    "verdict.stopped.worlds": ("stopped at the number of worlds asked for", "达到所要求的情形数后停止"),
    "verdict.stopped.interrupted": ("interrupted", "被中断"),
    "verdict.driver": (
        "The difference depends on: {title} (correlation {correlation})",
        "差异取决于：{title}（相关系数 {correlation}）",
    ),
    "verdict.turning.above": ("; above {point} its sign changes", "；高于 {point} 时方向改变"),
    "verdict.turning.below": ("; below {point} its sign changes", "；低于 {point} 时方向改变"),
    "map.where": ("where", "地点"),
    "map.share": ("share of the map", "占地图的比例"),
    "verdict.share": ("  {title}: {first} alone, {total} with others", "  {title}：单独 {first}，连同其他 {total}"),
    "page": ("Page to read and pass on:", "可阅读、可转发的网页："),
    # --- other commands
    "sweep.map": ("{metric}: {first} × {second}", "{metric}：{first} × {second}"),
    "written": ("Written:", "已写入："),
    "check.good": ("{file}: nothing to mend.", "{file}：没有需要修正之处。"),
    "check.unpublished": (
        "holidays of {years} are not published yet; plain weekends are used",
        "{years} 年的法定节假日尚未公布，按普通周末处理",
    ),
    "diff.setting": ("setting", "设定"),
    "diff.same": ("No difference.", "没有差别。"),
    "list.name": ("name", "名称"),
    "list.title": ("what it is", "说明"),
    "run.outcome": ("outcome", "结果"),
    "run.value": ("value", "数值"),
    "run.unit": ("unit", "单位"),
    "office.found": ("The simulated office shows:", "模拟团队呈现："),
    "office.win_rate": ("win rate", "赢单率"),
    "office.cycle": ("sales cycle, days", "成交周期（天）"),
    "office.deal": ("deal value", "单均金额"),
    "office.leads": ("leads that come in a week", "每周进入的线索"),
    "office.untouched": ("of them never contacted", "其中从未联系"),
    "office.busy": ("people's time on leads, deals and meetings", "用于线索、商机和会议的工时"),
    "office.wins": (
        "Shown by {wins} deals won by {people} sellers in pilot runs of a year; a single run differs by its luck.",
        "以上来自为期一年的试运行：{people} 名销售赢下的 {wins} 单；单次运行因随机而有出入。",
    ),
    "office.crowded": (
        "These {people} people cannot work all leads: they contact about {contacted} a week, and {share} are never contacted. "
        "What a rule does to leads then depends above all on this.",
        "这 {people} 人处理不了全部线索：每周约联系 {contacted} 条，{share} 从未联系。此时制度对线索的影响首先取决于这一点。",
    ),
    "office.number": ("number", "项目"),
    "office.asked": ("asked", "要求"),
    "office.shown": ("shown", "呈现"),
    "facts.title": ("Measuring facts", "检验事实"),
    "facts.passed": ("{passed} of {all} facts are met.", "{all} 条事实中达到 {passed} 条。"),
    "facts.fitted": ("fitted", "参与校准"),
    "facts.predicted": ("predicted", "预测"),
    "facts.figure": ("Figure", "指标"),
    "facts.interval": ("Interval", "区间"),
    "facts.target": ("Target", "目标"),
    "facts.verdict": ("Verdict", "判定"),
    "facts.pass": ("met", "达到"),
    "facts.miss": ("missed", "未达到"),
    "facts.source": ("Source:", "来源："),
    **CONNECT_TEXTS,
    **DATA_TEXTS,
    **FORECAST_TEXTS,
    **texts_coach.TEXTS,
    **GATE_TEXTS,
}


def add(texts: dict[str, tuple[str, str]]) -> None:
    """Take in the texts of a command that is registered from outside; its module calls this as it is loaded."""
    TEXTS.update(texts)


def say(key: str, **values) -> str:
    """The text of that key in the language of the running command, with its values filled in."""
    english, chinese = TEXTS[key]
    return (chinese if language.get() == "zh" else english).format(**values)


def pick(english: str, chinese: str) -> str:
    """One of two texts that come from elsewhere (names of metrics, meanings of fields)."""
    return chinese if language.get() == "zh" else english


def spoken(words) -> str:
    """A text that comes from elsewhere with both its languages."""
    return pick(words.en, words.zh)
