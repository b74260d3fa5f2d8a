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
NOT_PLAYED = acts(
    "live",
    "nobody in the simulated office keeps records of the firm's own kinds; rules on them run live only",
    "模拟办公室不产生企业自有类型的记录，相关规则只在真实环境中运行",
)
SAID = acts(
    "live", "people of the office act on what a rule does, not on its words", "模拟人员按规则的效果行事，不受措辞影响"
)
SOURCE_SETS_TARGETS = acts(
    "office",
    "live targets are set and adjusted where they are kept, and come in as events; the coach shows and watches them",
    "真实目标在原系统中设定和调整并作为事件导入，教练只展示和跟踪",
)
SOURCE_ROUTES = acts("office", "live leads are given out by the system that they come from", "真实线索由来源系统分配")
SOURCE_ASKS = acts("office", "live forms are those of the system in which people record", "真实录入表单由记录系统决定")
NOBODY_IS_PAID = acts("office", "the coach pays nobody", "教练不发放薪酬")
DESKS_PROMISE = acts("office", "live promises come with the requests themselves", "真实承诺时间随请求一并导入")
GRANTED_ELSEWHERE = acts(
    "office",
    "live expenses are granted where they are paid; a rule before an expense holds there as well",
    "真实费用在付款系统中审批；费用前的规则在真实环境同样有效",
)
CARDS_FOR_ALL = acts("office", "the board shows what worked on like deals whatever this says", "看板始终展示同类商机的成功做法")
OWN_HOURS = acts("office", "live managers keep their own hours", "真实经理自行安排时间")
PRICED_ELSEWHERE = acts(
    "office",
    "live discounts are given where prices are made; a rule on the discount holds there as well",
    "真实折扣在报价系统中审批；针对折扣的规则在真实环境同样有效",
)
RANKS_ALIKE = acts(
    "both",
    "an anonymous board and one's own rank tell a rep of the office the same: the own rank",
    "对模拟销售而言，匿名排名与仅本人名次的信息相同：都是自己的名次",
    ("anonymous", "private_rank"),
)
