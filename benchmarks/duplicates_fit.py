"""The weights of likely duplicates, fitted on invented firms: `python -m benchmarks.duplicates_fit` writes them anew.

Every writing is sought in a register of firms; the pairs that it brings up, with the truth whether they are the same firm, are
what the weights are fitted on, so that a likeness is the share of the same among pairs that a search really brings up.
"""

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.invented_firms import firms, registered, written
from coach.customers.comparing import agreement
from coach.customers.described import Described
from coach.customers.index import Index

SEED, FIRMS, WRITINGS = 20260101, 4000, 2
WEIGHTS = Path(__file__).parents[1] / "coach" / "customers" / "weights.yaml"
_ABOUT = "# Log odds by respect and level: written by `python -m benchmarks.duplicates_fit`, read by comparing.py.\n"
_STRENGTH = 1.0
"""Inverse of the penalty on squares of weights, so that a level that never occurs among one kind of pairs stays finite."""


def pairs(seed: int, number: int, writings: int) -> list[tuple[Described, Described, bool]]:
    """What searches bring up, and whether it is the firm that was sought."""
    drawn, rng = firms(seed, number), random.Random(seed + 1)
    register: Index[int] = Index()
    for firm in drawn:
        register.put(firm.number, registered(firm).description())
    known = dict(register)
    found = []
    for firm in drawn:
        for _ in range(writings):
            sought = written(firm, rng).description()
            found += [(sought, known[key], key == firm.number) for key in register.brought_up(sought)]
    return found


def fitted(told: Iterable[tuple[Described, Described, bool]]) -> dict[str, float]:
    """Weights by respect and level, and the prior: a logistic regression with a penalty on squares."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows, same = [], []
    for one, other, truth in told:
        rows.append({f"{respect}.{level}": 1.0 for respect, level in agreement(one, other).items()})
        same.append(truth)
    names = DictVectorizer()
    columns = names.fit_transform(rows)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(columns, np.array(same))
    weights = dict(zip(names.get_feature_names_out(), model.coef_[0], strict=True))
    return {"prior": round(float(model.intercept_[0]), 2)} | {name: round(float(weights[name]), 2) for name in sorted(weights)}


def main() -> None:
    """Fit and write."""
    weights = fitted(pairs(SEED, FIRMS, WRITINGS))
    WEIGHTS.write_text(_ABOUT + "".join(f"{name}: {weight}\n" for name, weight in weights.items()), encoding="utf-8")


if __name__ == "__main__":
    main()
