"""S14, decision chain: who really decides, by the words of meeting notes in Chinese and English.

    value = weight of words that point to the person who leads / weight of all words that point to anybody

Notes are cut into clauses. In each, people (titles such as 采购经理 or plant manager, names such as 王总 or Ms Lee) meet words
that say what part they have: deciding and signing 3, being asked for consent 3, holding the money 2, recommending 1; having no
say, being so on paper only or a formality −3, and then nothing for the word itself. People who are joined by *and* have the
same part. Where a clause says who does not decide, one that only names somebody says who does. Words stand for the person
before them, or after them for such as `approval from` and 由…决定; a clause that names nobody speaks of the last one named, or,
where it says who has no say, of the first. There is no number where nobody is said to decide, and where two are as far as
each other the score says so. The idea is the source's
(systems list, S14); lists and weights are ours, measured on notes that had no part in making them
(`tests/coach/decision_notes.yaml`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import AMBER, GREEN, Score, Words

LEAST_WEIGHT, LEAST_LEAD = 2.0, 1.0
DECIDES = 3.0
LONGEST_QUOTE = 60
ABOUT = About(
    "S14", "opportunity", Words("Who really decides", "谁真正决定"),
    Words(
        "weight of the words of meeting notes that point to the leading person ÷ weight of all that point to anybody",
        "会议记录中指向首位人物的词语权重 ÷ 指向所有人的词语权重",
    ),
    "share", 0.0, 1.0, None, None, None, listed("S14"),
    Words("which words say it, and their weights", "词表与权重"),
)  # fmt: skip

_PEOPLE_ZH = (
    r"(?:集团|总部)?(?:采购|财务|技术|生产|质量|设备|信息|销售|运营|项目|工程|研发|总务"
    r"|后勤|教务|市场|区域|分公司|医学装备|器械|集团"
    r"|安环|安全|品牌|渠道|投资|战略|数字化|法务|成本|招采|行政|人事|分管|调度|甲方成本)"
    r"(?:部|科|处|中心)?(?:总监|经理|主管|部长|科长|处长|主任|副总|负责人|总|部门|部|科|处|中心)"
    r"|(?:经纪|母|总|上级|物业|投资|管理|集团|委托)公司|设计院|(?![他我你们的个位是和由经给请找让])[\u4e00-\u9fff](?![们的个位是和由经给请找让]"
    r")[\u4e00-\u9fff](?:总监|部长)"
    r"|(?:总裁|校长|总经理|院长|行长|局长)办公会|办公会|党委会?|股东会|[\u4e00-\u9fff]{0,2}委员会"
    r"|管委会|领导班子|班子|管理层|总部|大区经理|区域总|财政局|卫健委|国资委|大股东|院务会"
    r"|校务会|教育局|业主|甲方|分管(?:领导|副总|院长|校长)"
    r"|董事长|副?总经理|总裁|老板娘|老板|老总|厂长|副厂长|总工程师|总工|校长|副校长|院长|副院长|园长|店长|创始人|合伙人|董事会"
    r"|招标办|评审委员会|使用部门|使用科室|工会|车间主任|班组长|教研组长|秘书|助理|前台|工程师|采购办|副总"
    r"|他?(?:老婆|妻子|太太|老公|丈夫|儿子|女儿)|(?<![\u4e00-\u9fff])老[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗](?![板师总])"
    r"|小?(?<![十百千几0-9])[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    r"魏薛叶阎"
    r"余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
    r"(?:董事长|总经理|副总经理|总监|副总|总工|总|副?(?:厂|局|院|校|处|科|部|行|所|站"
    r"|园|店)长|经理|主管|主任|书记|会计|老板娘|老板|老师"
    r"|先生|女士|小姐|工|厂|局|姐|哥|董)"
)
_TITLE_EN = (
    r"(?:chief|head|director|manager|vp|vice president)(?: of)? (?:purchasing|procurement|finance|engineering|operations|"
    r"production|quality|it|sales|maintenance|technology|supply chain)"
    r"|(?:purchasing|procurement|finance|engineering|operations|production|quality|it|supply chain|logistics|plant|"
    r"factory|general|managing|technical|"
    r"project|maintenance|site|store|sales|group|commercial|medical|school|deputy)"
    r" (?:manager|director|head|lead|department|team|principal|committee|board)"
    r"|chief (?:engineer|executive|financial officer|operating officer|technology officer)|plant engineer|production engineer"
    r"|vp (?:of )?(?:sales|finance|operations|ops|engineering|marketing|it)|(?:department|lab|it) (?:head|director|manager)"
    r"|(?:head of department|finance controller|financial controller|procurement committee)"
    r"|(?:executive|investment|tender|capital|management|purchasing) committee|executive board"
    r"|managing board|president|chair(?:man|woman|person)?"
    r"|general counsel|parent company|landlord|estates team|hq|(?:his|her) (?:wife|husband"
    r"|son|daughter|brother|father|mother)|wife|husband|trustees|council|head chef|superintendent"
    r"|store owner|bursar|headteacher|head teacher|rector"
    r"|ceo|cfo|coo|cto|cio|cro|owner|founder|the boss|boss|managing partner|partner|the board"
    r"|board|steering committee|committee"
    r"|group (?:finance|purchasing|procurement|legal)|headquarters|head office|principal|dean|buyer|controller|"
    r"engineer|secretary|assistant|the users|workshop foreman|foreman"
)
_NAMED_EN = (
    r"(?<![A-Za-z])(?!(?:He|She|It|They|We|You|Who|That|This|Nobody|Everybody|Somebody|Purchasing|Procurement|And|But)\b)"
    r"[A-Z][a-z]+(?: [A-Z][a-z]+)?(?= (?:\([^)]*\),? )?(?:(?:she|he) )?(?:decides|signs"
    r"|approves|has the (?:final|last) |has final say|"
    r"makes the |owns the budget|holds the budget|is the (?:one|decision))|['’]s (?:decision"
    r"|call|approval|signature|sign-?off)\b)"
)
PERSON = re.compile(
    rf"{_PEOPLE_ZH}|(?<![A-Za-z])(?i:{_TITLE_EN})(?![A-Za-z])|\b(?:Mr|Ms|Mrs|Miss|Dr|Prof)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?"
    rf"|\b(?:mister|doctor|professor) [a-z]+|{_NAMED_EN}"
)
"""Titles, names with a title or a surname, and names in English beside words that say that somebody decides."""
_JOINED = re.compile(r"\s*(?:和|与|及|以及|、|或|\band\b|\bor\b|&)\s*(?:the\s+)?", re.IGNORECASE)
"""What stands between two people who have the same part."""
_INSTEAD = re.compile(
    r"\s*(?:is|does|can|will|has|是|在|由|归|属于|得?看|要看|要找|取决于|(?:it )?(?:is|rests with|lies with)|"
    r"(?:in|with|by|to|up to)(?: the)?)?\s*(?:the\s+)?@(?:\s+(?:is|does|can|will|has|decides))?"
    r"(?:那里|那边|手里|手上|了|才行|才是|说了算)?\s*\.?\s*",
    re.IGNORECASE,
)
"""A clause that, after one that says who does not decide, only names who does: @ stands for the person."""
_CLAUSES = re.compile(
    r"[，。；！？\n→]|[,;!?](?!\d)|(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bProf)\.(?=\s|$)"
    r"|\bbut\b|(?=\bit(?:['’]s| is) the\b)|\balthough\b|\bwhile\b|但是|不过|然而|但(?!凡)|而(?=[^且])",
    re.IGNORECASE,
)


class _Cue(NamedTuple):
    weight: float
    pattern: re.Pattern[str]
    after: bool  # the person stands behind the words


def _cue(weight: float, *patterns: str, after: bool = False) -> _Cue:
    return _Cue(weight, re.compile("|".join(patterns), re.IGNORECASE), after)


_NO = r"(?:(?:can|could|may|does|do|did|will|would)(?:not|n['’]t| not)|never|isn['’]t|is not|has no|have no|without)"
_DECIDES = r"(?:决定|拍板|说了算|签字|做主|作主|批准|审批|定夺|点头|(?:批|定)(?=的|$))"
_CUES = (
    _cue(
        -3.0,
        rf"(?:不是|并非|不由|不归|不需要|不用|无需|不必)(?=.{{1,12}}{_DECIDES})"
        r"|(?:决策人|决策者|关键人)(?:并)?不是|决[定策]权(?:并)?(?:不在|不归|不属于|不是)",
        r"\bdecision[- ]?(?:maker)? (?:is not|isn['’]t|does not lie with|does not rest with|is not up to)\b",
        r"\bit(?:['’]s| is) not (?:up to)?(?=.{1,30}\b(?:decides|signs|approves)\b)",
        after=True,
    ),
    _cue(
        3.0,
        r"(?:决定|拍板|说了算|做主|作主|签字|定夺|点头|批准|管事|决策)的(?:人)?(?:其实"
        r"|实际上|还|应该|就)?是|(?:决策人|决策者|关键人)(?:其实|实际上|还|就)?是",
        r"(?:最后|最终)(?:还)?(?:是|由|得|要|看)(?:他们)?|关键(?:在|是|看)|搞定|过得了?"
        r"|终审的?是|决[定策]权(?:其实|实际上|还|都|最终|全)?(?:在|归|属于|是)",
        r"\b(?:decision[- ]maker|DM|EB|economic buyer)(?: is|:| =|=)",
        r"\b(?:decision[- ]maker|(?:one|person) who (?:really )?(?:decides|signs)|last word) (?:is|lies with|rests with|has)\b",
        after=True,
    ),
    _cue(
        -3.0,
        r"说了不算|做不了主|作不了主|定不了|决定不了|不能决定|没有?权|无权|没(?:有)?决定权|不管事|不做决定|拍不了板|签不了",
        r"只(?:是|负责|管)|仅(?:负责|是)|负责(?:对接|收集|跑腿|比价)|走(?:个|一下)?(?:流程|形式|过场)|做做样子",
        rf"\b{_NO}\b[^,.;]{{0,20}}\b(?:decide|sign|approve|say|authority|budget|power|choose|the decision|the call)",
        r"\b(?:only|just|merely)\b[^,.;]{0,14}\b(?:collects?|compares?|gathers?|passes?"
        r"|forwards?|coordinates?|handles?|does|follows?)",
        r"\b(?:rubber[- ]?stamps?|is a formality|no say)\b",
    ),
    _cue(-3.0, r"名义上|表面上|挂名|\bon paper\b|\bformally\b|\bofficially\b|\bnominally\b", after=True),
    _cue(
        3.0,
        r"拍板|说了算|(?:最终|最后)(?:做|作)?(?:的)?决定|(?:来|去|做|作)(?:最终|最后)?(?:的)?决定"
        r"|定夺|一锤定音|签(?:字|批|合同|单|了字)"
        r"|批准|审批|批了|批下来|点(?:了)?头|(?:做|作)(?:得了)?主|(?<![不没])决定|一句话"
        r"|决策人|关键人|(?:有|掌握)决定权|一票否决|同意(?:了)?(?:才|就)"
        r"|(?:当场|已经|就)定了|终审|当家|一支笔|做决定|说了才算|那关|拿主意|亲自(?:定"
        r"|抓)|(?:自己|就能|最后|最终)定(?![期做制价金位货购下好])|(?<![不没已确一商预决])[定签](?=$"
        r"|吧)|(?<=总)批",
        r"\b(?:decides|decided|will decide|makes? the (?:final )?(?:call|decision|choice)|makes all (?:the )?decisions)\b",
        r"\bha(?:s|ve) the (?:final|last) (?:say|word)\b|\b(?:final|last) word\b|\bcalls the shots\b|\bveto(?:es|ed)?\b",
        r"\b(?:signs|signed|will sign|must sign|has to sign|needs to sign|approves|approved|must approve|has to approve)\b",
        r"\b(?:gives?|gave) the (?:go-ahead|green light)\b",
        r"\bis the (?:real |actual |true )?(?:decision[- ]maker|one who decides)\b",
        r"\b(?:ceo|cfo|cio|cto|coo|cro|board|director) approval\b|\bwho decides?\b|\bsigns? ?off\b|\bfinal (?:approval|say)\b"
        r"|\bdecides? everything\b|\b(?:must|has to|needs to|will) (?:give|sign|approve)\b|\bboss is\b",
        r"\b(?:votes? on|does the buying|picks|chooses|will choose|will pick|is in charge"
        r"|has (?:the )?(?:authority|power)|is the signatory|must say yes|has to say yes"
        r"|gets the last word)\b",
        r"\bhas to agree\b|\bmust agree\b|\bmakes up\b[^,.;]{0,6}\bmind\b",
    ),
    _cue(
        3.0,
        r"(?<![不无])(?<!不[需必])(?:要|得|须|需要?|必须|还要|都要|先)(?:等|找|请示|请"
        r"|问|报|报给|过|经|经过|跟|向|给|让|由|听|上(?=.{1,4}会))",
        r"请示|听(?=.{0,8}的)|由|还?在(?=.{0,8}(?:那里|那边|手里|手上))|看(?=.{0,8}(?:的意思"
        r"|的态度|怎么定|点头))|取决于|轮到|等(?=.{0,8}(?:回来|批|签|同意|决定|点头|拍板))",
        r"\b(?:approvals?|sign-?offs?|signatures?|consent|decision|green light|go-ahead"
        r"|blessing|ok|okay) (?:is )?(?:from|of|by|with)\b",
        r"\b(?:hinges on|sits with|in the hands of|goes? (?:up )?to|everything goes through)\b",
        r"\b(?:up to|depends on|rests with|lies with|decided by|signed by|approved by|waiting (?:for|on))\b",
        r"\bneeds? (?:to )?(?:ask|convince)\b",
        r"\b(?:has to|have to|needs? to|wants? to|must) (?:ask|go to|go through|take it to|check with|get|convince)\b",
        r"\b(?:run it by|take it to|check with|report(?:s)? to|go(?:es)? to|goes through|nothing (?:happens|moves) without)\b",
        after=True,
    ),
    _cue(3.0, r"['’]s (?:approval|signature|sign-?off|call|decision|consent|blessing)\b|\bneeds to approve\b"),
    _cue(2.0, r"管(?:着)?(?:预算|钱|费用)|卡着|掌管|出钱|批(?:预算|钱)"),
    _cue(2.0, r"\b(?:holds|owns|controls|has) the (?:budget|money|purse)\b|\bpays for\b"),
    _cue(2.0, r"实际上|其实|真正|归根到底|\b(?:really|actually|in fact|in reality)\b", after=True),
    _cue(1.0, r"推荐|建议|支持|认可|倾向|看好|喜欢|\b(?:recommends?|prefers?|supports?|likes?|pushes|in favou?r|favou?rs)\b"),
)


class Said(NamedTuple):
    """A clause that says something about a person's part: how much, and in which words."""

    person: str
    weight: float
    words: str


class Chain(NamedTuple):
    """Who is said to decide, None where nobody is; and everything that was said of anybody, in order."""

    decides: str | None
    said: tuple[Said, ...]
    weights: dict[str, float]


def read_chain(notes: Sequence[str]) -> Chain:
    """What some notes, in order of time, say of people's parts in a decision."""
    said = tuple(each for note in notes for each in _said_in(note))
    weights: dict[str, float] = {}
    for each in said:
        weights[each.person] = weights.get(each.person, 0.0) + each.weight
    order = sorted(weights, key=lambda person: -weights[person])
    first = order[0] if order else None
    lead = weights[first] - max((weights[each] for each in order[1:]), default=0.0) if first is not None else 0.0
    clear = first is not None and weights[first] >= LEAST_WEIGHT and lead >= LEAST_LEAD
    return Chain(first if clear else None, said, weights)


def decision_chain(notes: Sequence[str], recorded: str | None = None) -> Score:
    """The score from notes; `recorded`: who the record says decides. Green where they agree, amber where they do not."""
    chain = read_chain(notes)
    pointing = sum(weight for weight in chain.weights.values() if weight > 0)
    if chain.decides is None:
        return Score("S14", None, None, (_undecided(chain), *_quotes(chain, None)), ("decision_maker",) if not recorded else ())
    value = chain.weights[chain.decides] / pointing
    reasons = [Words(f"{chain.decides} decides", f"决定者：{chain.decides}"), *_quotes(chain, chain.decides)]
    agrees = recorded is not None and (_same(recorded, chain.decides))
    if recorded is not None and not agrees:
        reasons.append(Words(f"the record says: {recorded}", f"记录中的决策人为：{recorded}"))
    number = sum(each.person == chain.decides for each in chain.said)
    return Score("S14", value, None if recorded is None else GREEN if agrees else AMBER, tuple(reasons), (), None, number)


def _undecided(chain: Chain) -> Words:
    leading = [person for person, weight in chain.weights.items() if weight >= LEAST_WEIGHT]
    if leading:
        return Words(
            f"no number: the notes point to {' and '.join(leading)} alike", f"不给数字：记录同时指向{'、'.join(leading)}"
        )
    return Words("no number: no note says who decides", "不给数字：记录中没有说明谁决定")


def _quotes(chain: Chain, person: str | None) -> list[Words]:
    """The words themselves, the latest three that speak of the person, or of anybody."""
    told = [each for each in chain.said if person is None or each.person == person][-3:]
    return [Words(f"{each.person}: “{each.words}”", f"{each.person}：“{each.words}”") for each in told]


def _same(recorded: str, person: str) -> bool:
    one, other = recorded.casefold(), person.casefold()
    return one in other or other in one


def _said_in(note: str) -> list[Said]:
    found: list[Said] = []
    first = last = None
    denied = False
    for clause in _CLAUSES.split(note):
        people = [(match.start(), match.end(), _called(match.group())) for match in PERSON.finditer(clause)]
        first = first or (people[0][2] if people else None)
        strongest: dict[tuple[str, bool], float] = {}
        parts = list(_parts(clause, people, first, last))
        if not parts and denied and (person := _instead(clause, people)) is not None:
            parts = [(person, DECIDES)]
        for person, weight in parts:
            part = person, weight > 0
            strongest[part] = max(strongest.get(part, 0.0), weight, key=abs)
        # Whose part is said to be none, or a formality, is not pointed to by the word for that part.
        told = [
            (person, weight) for (person, points), weight in strongest.items() if not points or (person, False) not in strongest
        ]
        found += [Said(person, weight, clause.strip()[:LONGEST_QUOTE]) for person, weight in told]
        last = people[-1][2] if people else last
        denied = any(weight < 0 for _, weight in told) or (denied and not clause.strip())
    return found


def _instead(clause: str, people: list[tuple[int, int, str]]) -> str | None:
    """Who decides by a clause that does no more than name somebody."""
    if len(people) != 1:
        return None
    ((begun, over, name),) = people
    return name if _INSTEAD.fullmatch(f"{clause[:begun]}@{clause[over:]}") else None


def _parts(
    clause: str, people: list[tuple[int, int, str]], first: str | None, last: str | None
) -> Iterator[tuple[str, float]]:
    """Who has which part by the words of a clause; `first` and `last`: who was named first, and last before it."""
    taken: list[tuple[int, int]] = []
    for cue in _CUES:
        for match in cue.pattern.finditer(clause):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            meant = _meant(clause, people, match.start(), match.end(), cue.after)
            if not meant and not cue.after:
                # Who says that he has no say is who the note began with; who decides was named last.
                person = first if cue.weight < 0 else last
                meant = [] if person is None else [person]
            if meant:
                taken.append(match.span())
                yield from ((person, cue.weight) for person in meant)


def _meant(clause: str, people: list[tuple[int, int, str]], start: int, end: int, after: bool) -> list[str]:
    """The nearest person on the side of the words where they look for one, with those who are joined to that one."""
    side = [each for each in people if each[0] >= end] if after else [each for each in reversed(people) if each[1] <= start]
    found = side[:1]
    for each in side[1:]:
        earlier, later = sorted((found[-1], each))
        if not _JOINED.fullmatch(clause[earlier[1] : later[0]]):
            break
        found.append(each)
    return [name for _, _, name in found]


def _called(person: str) -> str:
    told = re.sub(r"^(?:the) ", "", person.strip(), flags=re.IGNORECASE)
    titled = re.match(r"(mr|ms|mrs|miss|dr|prof)\b\.?", told, re.IGNORECASE)
    return told.lower() if titled is None else titled.group(1) + told[titled.end() :]
