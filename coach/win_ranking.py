"""The win model beside a running service: probabilities of all open opportunities, kept until they are refreshed.

Fitting takes seconds and reading the whole history as well, so a service refreshes now and then (daily, or after an import) and
answers from what it keeps.
"""

from collections.abc import Sequence
from typing import NamedTuple

from coach.advice import FEW, Action, Share, rank_actions
from coach.scoring import win_probabilities
from coach.store import Store
from coach.win_model import Reason, TooLittleHistory, WinModel, reason_text
from policies.policy import Policy


class Chance(NamedTuple):
    """Probability of winning an opportunity, and what moves it most."""

    probability: float
    why: list[Reason]


class WinChances:
    """Chances of the opportunities that were open at `at` (ms), by id; none where `model` says why."""

    def __init__(self, model: WinModel | TooLittleHistory, chances: dict[str, Chance], at: int):
        self.model, self.chances, self.at = model, chances, at

    @classmethod
    def of(cls, store: Store, at: int) -> "WinChances":
        """Fit the model on what was recorded by `at` and apply it to what is open."""
        model, found = win_probabilities(store, at)
        return cls(model, {identifier: Chance(*each) for identifier, each in found.items()}, at)

    def rank(self, deals: Sequence[dict], shares: Sequence[Share], policy: Policy, now: int) -> list[Action]:
        """`advice.rank_actions` with an opportunity's own probability, where it is known, in place of its stage's share of wins."""
        ranked = []
        for action in rank_actions(deals, shares, policy, now):
            chance = self.chances.get(action.record)
            share = shares[action.stage - 1]
            if chance is not None and share.share > 0:
                value = action.value_per_minute * chance.probability / share.share
                # The first reason tells the share of the stage, the second, with few cases, that it rests on little.
                behind = 2 if share.cases < FEW else 1
                reasons = {language: [self.told(chance, language), *told[behind:]] for language, told in action.reasons.items()}
                action = action._replace(value_per_minute=value, reasons=reasons)
            ranked.append(action)
        return sorted(ranked, key=lambda each: (-each.value_per_minute, each.record))

    def told(self, chance: Chance, language: str) -> str:
        """The probability and its strongest reasons in words."""
        rough = isinstance(self.model, WinModel) and self.model.rough
        parts = [reason_text(each, language) for each in chance.why[:3]]
        if language == "zh":
            head = f"赢单概率 {chance.probability:.0%}" + ("（历史较少，仅供粗略参考）" if rough else "")
            return "：".join([head, "，".join(parts)]) if parts else head
        head = f"win probability {chance.probability:.0%}" + (" (rough: small history)" if rough else "")
        return ": ".join([head, ", ".join(parts)]) if parts else head
