"""What a drill's document can have wrong only as a whole: what no play can reach."""

from scenarios.roleplay.document import Roleplay
from scenarios.roleplay.faults import PlayFault
from scenarios.roleplay.play import State, first_state
from scenarios.roleplay.score import score
from scenarios.roleplay.search import find_play


def check(roleplay: Roleplay) -> list[PlayFault]:
    """Facts that no play brings out, objections that none meets, a rubric that no play passes or that leaving passes."""
    met = _Met()

    def near_passing(state: State) -> float:
        met.note(state)
        return _share_of_pass(roleplay, state)

    passing = find_play(roleplay, near_passing, first_state(roleplay))
    faults = [*_unreached(roleplay, met)]
    if passing[0] is None:
        faults.append(_unpassable(roleplay, passing[1]))
    if score(roleplay, first_state(roleplay)._replace(end="left")).passed:
        faults.append(PlayFault(("rubric", "pass_at"), *_PASSED_BY_NOTHING))
    return faults


class _Met:
    """Names that a search came across."""

    def __init__(self):
        self.facts: set[str] = set()
        self.objections: set[str] = set()

    def note(self, state: State) -> None:
        """Take down what a state holds."""
        self.facts |= state.known
        self.objections |= state.raised


def _share_of_pass(roleplay: Roleplay, state: State) -> float:
    marked = score(roleplay, state)
    return 1.0 if marked.passed else min(0.99, marked.points / roleplay.rubric.pass_at)


def _unreached(roleplay: Roleplay, met: _Met):
    kinds = (("facts", met.facts, _FACT), ("objections", met.objections, _OBJECTION))
    for kind, found, sentence in kinds:
        for place, each in enumerate(getattr(roleplay, kind)):
            if each.id not in found and not _reaches(roleplay, kind, each.id):
                en, zh = (text.format(each.id) for text in sentence)
                yield PlayFault((kind, place, "id"), en, zh, found=each.id)


def _reaches(roleplay: Roleplay, kind: str, name: str) -> bool:
    field = {"facts": "known", "objections": "raised"}[kind]
    found, _ = find_play(roleplay, lambda state: float(name in getattr(state, field)), first_state(roleplay))
    return found is not None


def _unpassable(roleplay: Roleplay, nearest: State) -> PlayFault:
    best, mark = score(roleplay, nearest).points, roleplay.rubric.pass_at
    return PlayFault(
        ("rubric", "pass_at"),
        f"no play was found that passes: the best reaches {best:g} of {mark}; ease a check, a cap or the way to a fact",
        f"找不到能及格的走法：最好得 {best:g} 分，及格线为 {mark} 分；请放宽某个检查项、封顶分或得知事实的途径",
        found=str(mark),
    )


_FACT = (
    "no play brings out the fact '{}'; let a reaction that can be met reveal it",
    "没有任何走法能问出事实“{}”；请让某个可触发的反应透露它",
)
_OBJECTION = (
    "no play meets the objection '{}'; let a reaction that can be met raise it",
    "没有任何走法会遇到异议“{}”；请让某个可触发的反应提出它",
)
_PASSED_BY_NOTHING = (
    "a trainee who leaves at once passes; let checks ask for what must be done",
    "一开始就离开也能及格；请让检查项要求实际行动",
)
