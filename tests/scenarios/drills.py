"""A drill small enough to see through, and how its document is spoilt."""

from copy import deepcopy
from pathlib import Path

from ruamel.yaml import YAML


def both(text: str) -> dict:
    return {"en": text, "zh": f"中文 {text}"}


def condition(place: str) -> dict:
    return {"id": place, "text": both(place), "advice": both(f"do {place}")}


DRILL = {
    "name": "drill",
    **{name: both(name) for name in ("title", "business", "situation", "goal")},
    "persona": {"role": both("buyer"), "manner": both("calm"), "opening": both("hello"), "trust": 40, "patience": 6},
    "decision_chain": [
        {"id": "buyer", "role": both("the buyer"), "cares": both("price")},
        {"id": "boss", "role": both("the hidden boss"), "cares": both("risk"), "learned_by": "boss_decides"},
    ],
    "facts": [
        {"id": "too_hot", "text": both("secret: it is hot")},
        {"id": "boss_decides", "text": both("secret: the boss decides")},
    ],
    "objections": [{"id": "dear", "text": both("secret: too dear")}],
    "moves": [
        {
            "id": "ask_heat",
            "kind": "ask",
            "says": both("how hot"),
            "reactions": [{"reply": both("hot"), "trust": 20, "reveals": ["too_hot"], "raises": ["dear"]}],
        },
        {
            "id": "ask_boss",
            "kind": "ask",
            "says": both("who decides"),
            "reactions": [
                {"when": {"trust": 50}, "reply": both("the boss"), "reveals": ["boss_decides"]},
                {"reply": both("me"), "evades": True},
            ],
        },
        {"id": "lie", "kind": "answer", "says": both("no problem"), "reactions": [{"reply": both("fine"), "trust": -60}]},
        {
            "id": "answer_price",
            "kind": "answer",
            "says": both("it pays"),
            "when": {"raised": ["dear"]},
            "reactions": [{"reply": both("true"), "settles": ["dear"]}],
        },
        {
            "id": "propose",
            "kind": "propose",
            "says": both("a test"),
            "reactions": [
                {"when": {"known": ["boss_decides"]}, "reply": both("yes"), "ends": True},
                {"reply": both("no"), "evades": True},
            ],
        },
    ],
    "rubric": {
        "pass_at": 80,
        "criteria": [
            {
                "id": "needs",
                "weight": 60,
                "checks": [
                    {**condition("heat"), "passes": {"known": ["too_hot"]}},
                    {**condition("chain"), "passes": {"known": ["boss_decides"]}},
                ],
            },
            {"id": "next_step", "weight": 40, "checks": [{**condition("test"), "passes": {"done": ["propose"]}}]},
        ],
        "milestones": [{"id": "honest", "text": both("no lie"), "passes": {"not_done": ["lie"]}, "cap": 30}],
    },
}


def drill(**changes) -> dict:
    """The drill's document with values at dotted paths put otherwise; list positions are numbers."""
    document = deepcopy(DRILL)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        place = document
        for step in steps:
            place = place[step]
        place[last] = value
    return document


def written(folder: Path, document: dict) -> Path:
    """The document as a file."""
    file = folder / "drill.yaml"
    with file.open("w", encoding="utf-8") as stream:
        YAML().dump(document, stream)
    return file
