"""What a firm's record does not tell of its office, and what stands in for it."""

from coach.fitting.firm import COUNTED, Told
from policies.scores.score import Words


def untold(told: Told) -> tuple[Words, ...]:
    """What the record does not tell, and what stands in for it."""
    wins, losses = told.undated
    found = [
        Words(
            "how many losses come of the seller's work and how many are the customer's own: nearly all are taken for the "
            "customer's own, so that what better work wins is told with care",
            "有多少丢单源于销售工作、多少源于客户自身：几乎全部按客户自身处理，因此对改进工作的收益估计偏保守",
        ),
        Words(
            "how long the work on a deal takes: minutes are set so that these people can do what they did",
            "每个商机的工作时长：按现有人员能够完成实际工作量来设定",
        ),
        _leads(len(told.spans.leads)),
    ]
    if wins or losses:
        found.append(
            Words(
                f"when {wins:,} wins and {losses:,} losses came: they get the ages of dated ones",
                f"{wins:,} 个赢单与 {losses:,} 个丢单的时间：按有日期者的账龄补入",
            )
        )
    found.append(
        Words(
            "which opportunities come of prospecting, and which of customers who return: they come with the others, and rules "
            "about either change none",
            "哪些商机来自主动拓客、哪些来自老客户：与其他商机一并计入，针对二者的规则不会改变数量",
        )
    )
    if "skill_spread" not in told.firm.behaviour:
        found.append(
            Words(
                "how much people differ: too few of them or of their wins are recorded; they differ as is usual",
                "人员差异有多大：记录的人员或赢单太少，按通常差异处理",
            )
        )
    if "entry_lag_days" not in told.firm.behaviour:
        found.append(
            Words(
                "how late actions are entered: the record tells when they happened only; they are entered as late as is usual",
                "录入有多晚：记录中只有动作发生的时间，按通常的延迟处理",
            )
        )
    if not told.keeps_holidays:
        found.append(
            Words(
                "that the firm rests on public holidays: as much is closed on them as on other days, so they are business days "
                "here",
                "公司在公共假日休息：记录中假日关闭的商机与平日相当，因此这里按工作日处理",
            )
        )
    if not told.amounts_told:
        found.append(
            Words(
                f"amounts: every deal counts {COUNTED:,.0f}, so that money is counted in deals of {COUNTED:,.0f}",
                f"金额：每单按 {COUNTED:,.0f} 计，金额即以每单 {COUNTED:,.0f} 的单数计",
            )
        )
    return tuple(found)


def _leads(recorded: int) -> Words:
    if recorded:
        return Words(
            f"leads before the opportunity: {recorded:,} are recorded, but the office begins with opportunities, and says "
            "nothing of rules about leads",
            f"商机之前的线索：虽有 {recorded:,} 条记录，模拟公司仍从商机开始，不能评价有关线索的规则",
        )
    return Words(
        "leads before the opportunity: none is recorded; the office begins with opportunities, and says nothing of rules about "
        "leads",
        "商机之前的线索：没有记录；模拟公司从商机开始，不能评价有关线索的规则",
    )
