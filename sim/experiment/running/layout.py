"""What the outcomes of the simulated office are called."""

from sim.experiment.statistics.samples import Layout
from sim.office.counting.metrics import METRICS, QUANTILES
from sim.office.counting.outcomes import FUNNEL, GROUPS, HISTOGRAM_EDGES, HISTOGRAMS, MEASURE_NAMES, WEEKLY

_WEEKLY = {
    "gross_margin": ("money", "Gross margin", "毛利"),
    "wins": ("deals", "Deals won", "成交单数"),
    "leads_converted": ("leads", "Leads that become opportunities", "转为商机的线索"),
    "discounts": ("money", "Discounts given", "折扣金额"),
    "alerts": ("alerts", "Alerts", "提醒数"),
    "first_touches": ("leads", "Leads touched for the first time", "首次联系的线索"),
}
_FUNNEL = {
    "leads": ("leads", "线索"),
    "leads_touched": ("leads touched", "已联系的线索"),
    "opportunities": ("opportunities", "商机"),
    "solution_match": ("solution match", "方案匹配"),
    "value_proof": ("value proof", "价值验证"),
    "negotiation": ("negotiation", "商务谈判"),
    "contract_delivery": ("contract and delivery", "签约交付"),
    "wins": ("won", "成交"),
}

LAYOUT = Layout(
    metrics=METRICS,
    measures=MEASURE_NAMES,
    groups=GROUPS,
    weekly={name: _WEEKLY[name] for name in WEEKLY},
    histograms=HISTOGRAMS,
    edges=HISTOGRAM_EDGES,
    quantiles=QUANTILES,
    funnel={step: _FUNNEL[step] for step in FUNNEL},
)
