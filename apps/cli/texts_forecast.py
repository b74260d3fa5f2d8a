"""Texts of the commands that foretell, in English and Chinese, under one key each."""

FORECAST_TEXTS: dict[str, tuple[str, str]] = {
    "forecast": ("Foretell wins and revenue from a store's record.", "根据存储的记录预测赢单与金额。"),
    "forecast.help": (
        "Foretell the wins of the next weeks from what STORE records, with 50, 80 and 95 % intervals: by week, unit and rep, "
        "and what they are worth. The forecast is tried on the firm's own past against naive methods; where one of those was "
        "better, it says so and shows that one. --html writes a page with plots.",
        "根据 STORE 的记录预测未来数周的赢单，附 50%、80%、95% 区间：按周、单位和销售，并给出金额。"
        "预测会用本企业的过去与简单方法对比检验；若某个简单方法更好，则如实说明并改用它。--html 写出带图的网页。",
    ),
    "backtest": ("Try the forecast on the past.", "用过去检验预测。"),
    "backtest.help": (
        "Foretell STORE's past again and again, each time from what was known then, and tell how far that was from what came: "
        "the error (CRPS) beside that of naive methods, how many weeks lay within their intervals, and whether it told too "
        "much or too little.",
        "对 STORE 的过去反复预测，每次只用当时已知的记录，再与实际比较：误差（CRPS）与简单方法对比、"
        "落入区间的周数比例，以及偏多还是偏少。",
    ),
    "option.forecast_at": (
        "What was recorded by then counts, such as 2024-01-15 (the end of that day); if not stated, or behind the last record, "
        "that one.",
        "以该时刻之前的记录为准，如 2024-01-15（当日结束）；不写或晚于最后一条记录时，以最后一条记录为准。",
    ),
    "option.with_office": (
        "Fit the firm's office at every origin and run it on from there, beside the other methods; takes minutes.",
        "在每个起点拟合公司的模拟团队并继续运行，与其他方法并列；需要数分钟。",
    ),
    "option.policy_from_now": (
        "Tell what the firm's office does under this policy from now on; implies --office.",
        "说明从现在起实行此制度时公司的模拟团队会怎样；包含 --office。",
    ),
    "option.forecast_weeks": ("Weeks ahead, 1 to 52.", "预测的周数，1 至 52。"),
    "option.every": ("Time from one origin to the next in whole weeks, such as 4w.", "相邻预测起点的间隔（整周），如 4w。"),
    "error.belongs_to": (
        "{name} goes with {other} and would change nothing here: add {other}, or leave {name} out.",
        "{name} 须与 {other} 同用，此处不起作用：请加上 {other}，或去掉 {name}。",
    ),
    "error.not_fitted": (
        "--scenario: '{scenario}' was not fitted to a firm's record, so the firm's open deals have no place in it. Fit one "
        "first (rehearse fit {store} --to mine.yaml) and name that, or leave --scenario out.",
        "--scenario：“{scenario}”不是依据公司记录拟合的，公司的在途商机无法放入其中。请先拟合"
        "（rehearse fit {store} --to mine.yaml）并写出所得文件，或去掉 --scenario。",
    ),
    "error.people_of_scenario": (
        "--people: the office of --scenario has {people} people already; leave one of the two options out.",
        "--people：--scenario 的团队已有 {people} 人；两个选项请去掉其一。",
    ),
    "error.every": ("'{value}' is no number of whole weeks; write 4w.", "“{value}”不是整周数；请写成 4w。"),
    "forecast.weeks": ("Wins a week", "每周赢单"),
    "forecast.week": ("week from", "起始日"),
    "forecast.wins": ("wins", "赢单"),
    "forecast.amount": ("amount", "金额"),
    "forecast.units": ("unit", "单位"),
    "forecast.reps": ("rep", "销售"),
    "forecast.more": ("… and {count} more; --json has all.", "……另有 {count} 个；全部见 --json。"),
    "backtest.running": ("trying on the past", "用过去检验"),
    "backtest.methods": ("Error of each method, wins a week (CRPS)", "各方法的误差（单/周，CRPS）"),
    "backtest.method": ("method", "方法"),
    "backtest.error": ("error", "误差"),
    "backtest.inside": ("within {level} %", "{level}% 区间内"),
    "backtest.bias": ("bias", "偏差"),
    "backtest.origins": ("What the forecast expected from each origin, and what came", "各起点的预计与实际"),
    "backtest.origin": ("from", "起点"),
    "backtest.expected": ("expected", "预计"),
    "backtest.came": ("came", "实际"),
}
