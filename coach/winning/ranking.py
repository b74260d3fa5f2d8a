"""Open opportunities ranked by their own probability of winning, from a model fitted on the store's history.

Fitting takes seconds and reading the whole history as well, so whoever serves answers keeps the chances for a while.
"""

import heapq
from collections.abc import Mapping, Sequence

from coach.rules.advice import FEW, Action, Share, minutes_at, rank_actions
from coach.scoring.scores import Chance, chances_of, win_chances
from coach.store import Store
from coach.texts import share_reasons
from coach.winning.few import TooLittleHistory
from coach.winning.model import WITHIN_DAYS, WinModel, reason_text
from policies.language.policy import Policy
from policies.scores.score import Words


class WinChances:
    """Chances of the opportunities that were open at `at` (ms), by id; none where `model` says why.

    What was opened since then gets its chance when it is ranked first: a share of wins among closed opportunities, beside
    chances of being won within some days, would put it before everything else.
    """

    def __init__(self, model: WinModel | TooLittleHistory, chances: dict[str, Chance], at: int):
        self.model, self.chances, self.at = model, chances, at

    @classmethod
    def of(cls, store: Store, at: int) -> "WinChances":
        """Fit the model on what was recorded by `at` and apply it to what is open."""
        return cls(*win_chances(store, at), at)

    def rank(self, deals: Sequence[dict], shares: Sequence[Share], policy: Policy, now: int, most: int) -> list[Action]:
        """`advice.rank_actions` with an opportunity's own probability in place of its stage's share of wins, where known."""
        self._add([deal for deal in deals if deal["id"] not in self.chances], now)
        best = heapq.nsmallest(most, deals, key=lambda deal: (-self._worth(deal, shares, policy), deal["id"]))
        names = {number: Words(stage.name.en, stage.name.zh) for number, stage in enumerate(policy.stages, start=1)}
        actions = [self._with_chance(action, shares, names) for action in rank_actions(best, shares, policy, now, most)]
        return sorted(actions, key=lambda each: (-each.value_per_minute, each.record))

    def _add(self, deals: Sequence[dict], now: int) -> None:
        if not deals or not isinstance(self.model, WinModel) or not self.model.timed:
            return
        told = chances_of([deal["values"] for deal in deals], self.model, now)
        self.chances |= {deal["id"]: chance for deal, chance in zip(deals, told, strict=True)}

    def _worth(self, deal: dict, shares: Sequence[Share], policy: Policy) -> float:
        """Expected value per minute; nothing for what `rank_actions` leaves out."""
        values = deal["values"]
        if values.get("frozen") == 1.0:
            return 0.0
        stage = min(max(int(values.get("stage", 1)), 1), len(shares))
        chance = self.chances.get(deal["id"])
        share = shares[stage - 1].share if chance is None or chance.probability is None else chance.probability
        return share * (values.get("amount") or 0.0) / minutes_at(stage, policy)

    def _with_chance(self, action: Action, shares: Sequence[Share], names: Mapping[int, Words]) -> Action:
        chance, share = self.chances.get(action.record), shares[action.stage - 1]
        if isinstance(self.model, TooLittleHistory):
            why = {language: [*told, self.model.reason(language)] for language, told in action.reasons.items()}
            return action._replace(reasons=why)
        if chance is None or chance.probability is None or share.share <= 0:
            return action
        reasons = {}
        for language, told in action.reasons.items():
            of_stage = len(share_reasons("", share, FEW, language))
            reasons[language] = [self.told(chance, language, names), *told[of_stage:]]
        value = action.value_per_minute * chance.probability / share.share
        return action._replace(value_per_minute=value, reasons=reasons)

    def told(self, chance: Chance, language: str, names: Mapping[int, Words]) -> str:
        """The probability and its strongest reasons in words; `names`: of stages by number."""
        rough = isinstance(self.model, WinModel) and self.model.rough
        parts = [reason_text(each, language, names) for each in chance.why[:3]]
        if language == "zh":
            head = f"{WITHIN_DAYS} 天内赢单概率 {chance.probability:.0%}" + ("（历史较少，仅供粗略参考）" if rough else "")
            return "；".join([head, "，".join(parts)]) if parts else head
        head = f"won within {WITHIN_DAYS} days: {chance.probability:.0%}" + (" (rough: small history)" if rough else "")
        return "; ".join([head, ", ".join(parts)]) if parts else head
