"""S7, knowledge reuse: share of questions answered from the knowledge base; above 65 % healthy.

    questions whose answer was found in the base / questions answered, of the last 90 days                (systems list, S7)

An alarm is the same question put to technical staff three times or more: its answer belongs in the base. Two questions are the
same where everything that the shorter one is made of (Chinese characters, words in Latin letters; without those that only ask)
is in the other, and makes up 60 % of it at least: rather too few are called the same than two that differ in the one word that
counts. A number needs ten questions; that, sameness, and who counts as technical staff (presales and delivery) are ours.
"""

import re
from collections.abc import Iterable, Sequence

from policies.scores.about import About, Limit, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Words
from policies.scores.share import share_of

HEALTHY_ABOVE = 0.65
DAYS = 90
TIMES_OF_ALARM = 3
FEWEST = 10
SAME_FROM = 0.6
TECHNICAL = ("presales", "delivery")
ABOUT = About(
    "S7", "firm", Words("Knowledge reuse", "知识复用"),
    Words(
        "questions whose answer was found in the knowledge base ÷ questions answered, of the last 90 days",
        "在知识库中找到答案的问题 ÷ 已答复的问题（近 90 天）",
    ),
    "share", 0.0, 1.0, "higher", Limit("above", HEALTHY_ABOVE),
    Words("the same question put to technical staff three times or more", "同一问题向技术人员提出三次及以上"), listed("S7"),
    Words("which questions are the same; at least 10 questions", "何为同一问题；至少 10 个问题"),
)  # fmt: skip
_RUNS = re.compile(r"[一-鿿]+|[a-z0-9]+", re.IGNORECASE)
_EMPTY = frozenset(
    ("a", "an", "the", "is", "are", "was", "were", "do", "doe", "does", "did", "of", "to", "for", "in", "on", "at", "it", "its")
    + ("and", "or", "what", "which", "how", "can", "we", "i", "you", "please", "什么", "怎么", "多少", "是否", "请问", "可以")
)
"""Tokens that say nothing about what is asked."""
_ASKING = re.compile("请问|什么|怎么|怎样|如何|多少|多久|多长|是否|能否|可以|可否|有没有|是不是|[的是了吗呢吧啊么请]")
"""Chinese that only asks."""


def tokens(text: str) -> list[str]:
    """What a text is searched by: words of Latin letters and digits, and pairs of neighbouring Chinese characters.

    Pairs need no dictionary, and are what search engines index for Chinese by default.
    """
    found = []
    for run in _RUNS.findall(text.lower()):
        if run[0].isascii():
            found.append(run[:-1] if len(run) > 3 and run.endswith("s") else run)
        else:
            found.extend(run[place : place + 2] for place in range(max(1, len(run) - 1)))
    return found


def are_same(one: str, other: str) -> bool:
    """Whether two questions are the same one."""
    first, second = (_content(text) for text in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return bool(shorter) and shorter <= longer and len(shorter) >= SAME_FROM * len(longer)


def same_questions(texts: Sequence[str]) -> list[list[int]]:
    """Positions of questions in groups of same ones; a question joins the first group whose first question is the same."""
    made_of = [_content(text) for text in texts]
    groups: list[list[int]] = []
    holding: dict[str, set[int]] = {}
    for place, content in enumerate(made_of):
        candidates = sorted({group for token in content for group in holding.get(token, ())})
        joined = next((group for group in candidates if are_same(texts[place], texts[groups[group][0]])), len(groups))
        if joined == len(groups):
            groups.append([])
            for token in content:
                holding.setdefault(token, set()).add(joined)
        groups[joined].append(place)
    return groups


def knowledge_reuse(from_base: int, answered: int) -> Score:
    """The share of `answered` questions whose answer was found in the base."""
    if answered < FEWEST:
        reason = Words(
            f"no number: {answered} questions were answered in {DAYS} days; {FEWEST} are needed",
            f"不给数字：{DAYS} 天内已答复的问题仅 {answered} 个，至少需要 {FEWEST} 个",
        )
        return Score("S7", None, None, (reason,))
    share = share_of(from_base, answered)
    reason = Words(
        f"the answer to {from_base} of {answered} questions was found in the knowledge base",
        f"{answered} 个问题中有 {from_base} 个在知识库中找到答案",
    )
    colour = GREEN if share.value > HEALTHY_ABOVE else AMBER
    return Score("S7", share.value, colour, (reason,), (), (share.low, share.high), share.whole)


def asked_again(times: int, people: int, in_base: bool) -> Score:
    """The alarm of one question that technical staff was asked so many times."""
    reasons = [
        Words(
            f"put to technical staff {times} times in {DAYS} days, by {people} people",
            f"{DAYS} 天内向技术人员提出 {times} 次，涉及 {people} 人",
        ),
        Words("its answer is in the knowledge base: people do not look there", "答案已在知识库中：大家没有去查")
        if in_base
        else Words("put its answer into the knowledge base", "请把答案放入知识库"),
    ]
    return Score("S7", None, RED, tuple(reasons), (), None, times)


def _content(text: str) -> frozenset[str]:
    told = _ASKING.sub(" ", text)
    words = (token for token in tokens(told) if token.isascii() and token not in _EMPTY)
    return frozenset(words) | frozenset(letter for letter in told if "一" <= letter <= "鿿")


def query_of(text: str) -> Iterable[str]:
    """Tokens to look for, each once, without words that say nothing."""
    return dict.fromkeys(token for token in tokens(text) if token not in _EMPTY)
