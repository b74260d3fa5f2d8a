"""Recording: what entries cost, and which are skipped or late."""

from sim.office.behaviour.base import ASSUMED, Parameter

_MINUTES = "Yankee 2004, Builtin: 18 % of time is the target; 2 + 0.25 per field assumed"
_HABIT = "Lally et al. 2010, Eur. J. Soc. Psychol. 40: 66 days (18 to 254 between people), rising to an asymptote"
_LAG = "CRM state lags reality by 3.7 days on average"

RECORDING = (
    Parameter("entry_minutes_base", "min", 1.0, 2.0, 4.0, "U", _MINUTES, "minutes of an entry", "每次录入的基础时长"),
    Parameter("entry_minutes_field", "min", 0.1, 0.25, 0.6, "U", _MINUTES, "minutes per field asked", "每个字段的录入时长"),
    Parameter(
        "recorded_at_best", "share", 0.6, 0.85, 0.98, "U", ASSUMED, "touches entered when little is asked", "字段少时的录入率"
    ),
    Parameter(
        "field_fatigue",
        "per field",
        0.01,
        0.03,
        0.08,
        "U",
        "completeness = e^(−0.03·(fields − 5)⁺)",
        "loss per further field",
        "每增加字段的录入损失",
    ),
    Parameter("advanced_field_weight", "share", 0.0, 0.3, 0.6, "U", ASSUMED, "burden of an optional field", "选填字段的负担"),
    Parameter(
        "reward_scale",
        "money/day",
        10.0,
        30.0,
        100.0,
        "U",
        ASSUMED,
        "reward that cuts skipping to a third",
        "使漏录降至三分之一的奖励",
    ),
    Parameter(
        "habit_days",
        "d",
        52.0,
        66.0,
        84.0,
        "R2",
        _HABIT,
        "median days of doing it until a habit has 95 % of its strength",
        "习惯达到九成五强度所需的实行天数中位数",
    ),
    Parameter(
        "habit_days_spread",
        "1",
        0.4,
        0.6,
        0.8,
        "R2",
        _HABIT,
        "log spread of these days between people",
        "该天数在人与人之间的对数离散度",
    ),
    Parameter(
        "habit_at_best",
        "share",
        0.5,
        0.8,
        1.0,
        "U",
        ASSUMED,
        "occasions on which a full habit acts by itself",
        "习惯完全形成后自动发生的比例",
    ),
    Parameter(
        "habit_loss_daily",
        "per day",
        0.0,
        0.01,
        0.03,
        "U",
        "Lally 2010: one day left out does no harm; longer lapses assumed",
        "habit lost on a day on which it is not done",
        "当日未实行时习惯的损失",
    ),
    Parameter(
        "help_minutes", "min", 5.0, 10.0, 30.0, "U", ASSUMED, "minutes of helping a colleague to record", "帮助同事录入的时长"
    ),
    Parameter("skip_when_asked", "share", 0.2, 0.5, 0.9, "U", ASSUMED, "skipping when something is owed", "被催办时的漏录比例"),
    Parameter("prompt_share", "share", 0.3, 0.6, 0.9, "U", _LAG, "entries made at once", "即时录入占比"),
    Parameter("entry_lag_days", "d", 1.0, 4.0, 10.0, "R2", _LAG, "mean lag of the others", "其余录入的平均延迟"),
    Parameter(
        "volunteered_share", "share", 0.0, 0.15, 0.5, "U", ASSUMED, "facts entered though not asked", "主动录入的信息占比"
    ),
    Parameter(
        "next_step_share",
        "share",
        0.2,
        0.5,
        0.9,
        "U",
        ASSUMED,
        "entries that book the next conversation",
        "预约下次沟通的录入占比",
    ),
    Parameter("misfiled_share", "share", 0.0, 0.01, 0.05, "U", ASSUMED, "entries put on the wrong record", "录错对象的比例"),
    Parameter(
        "comply_share",
        "share",
        0.3,
        0.75,
        1.0,
        "U",
        ASSUMED,
        "refusals that are met with the missing fields",
        "被拦截后补录的比例",
    ),
    Parameter(
        "obligation_minutes", "min", 3.0, 10.0, 30.0, "U", ASSUMED, "minutes of what a rule asks for", "完成规则要求的时长"
    ),
    Parameter(
        "reopen_minutes",
        "min",
        5.0,
        30.0,
        60.0,
        "U",
        "prototype: 30 minutes",
        "minutes of reopening a frozen case",
        "重新激活的时长",
    ),
    Parameter(
        "frozen_review_share",
        "per day",
        0.02,
        0.2,
        0.5,
        "U",
        ASSUMED,
        "days on which greyed cases are looked through",
        "查看冻结商机的概率",
    ),
)
