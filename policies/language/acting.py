"""Where a setting acts when not in both worlds: marks that stand in the schema as `acts`.

`where` is "office" (rehearsed only), "live" (not rehearsed), "verdict" (judged, not run) or "words" (names and texts);
`alike` lists choices that the simulated office cannot tell apart.
"""

from typing import Any


def acts(where: str, en: str, zh: str, alike: tuple[str, ...] = ()) -> dict[str, Any]:
    """A mark with its reason in both languages."""
    return {"where": where, "en": en, "zh": zh} | ({"alike": list(alike)} if alike else {})


WORDS = acts("words", "a name: it says nothing about how work is done", "名称：与工作方式无关")
JUDGED = acts("verdict", "the verdict judges it; nobody in the office acts on it", "由结论判断，办公室中无人据此行动")
SAID = acts(
    "live", "people of the office act on what a rule does, not on its words", "模拟人员按规则的效果行事，不受措辞影响"
)
OFFERED = acts("live", "customers of the office look at nothing that is sent", "模拟客户不查看所发资料")
SOURCE_ROUTES = acts(
    "office",
    "live leads are given out by the system that they come from, unless the policy has the coach do it",
    "真实线索由来源系统分配，除非制度规定由教练分配",
)
SOURCE_REGISTERS = acts("office", "live leads are entered as they reach the store", "真实线索按进入系统的方式登记")
NOBODY_ELSE_ROUTES = acts(
    "live", "in the office there is nobody else who would give leads out", "办公室中没有其他系统分配线索"
)
SOURCE_ASKS = acts("office", "live forms are those of the system in which people record", "真实录入表单由记录系统决定")
DECIDED_AT_ANY_TIME = acts(
    "office",
    "live what could move is proposed at any time, and a manager decides whenever he looks",
    "真实环境中随时提出调配建议，经理可随时决定",
)
NO_BUDGET = acts(
    "live", "units of the office have no budget: money is spent deal by deal", "模拟办公室的单位没有预算，费用按商机发生"
)
COUNTED_IN_TIME = acts(
    "both",
    "it says which entries count as in time; nobody of the office enters sooner because of it",
    "只决定哪些录入算及时；模拟人员不会因此提前录入",
)
ONE_CALENDAR = acts(
    "live", "everybody in the office works by its one calendar", "模拟办公室的所有人使用同一日历"
)
RANKS_ALIKE = acts(
    "both",
    "an anonymous board and one's own rank tell a rep of the office the same: the own rank",
    "对模拟销售而言，匿名排名与仅本人名次的信息相同：都是自己的名次",
    ("anonymous", "private_rank"),
)
