"""The competitor that a note names: a name beside words for rivals, offers of others and what the customer uses at present.

Names are open: whatever stands where the words look for one, up to a word that cannot be part of a name. Who was ruled out,
and words for nobody in particular (another supplier, 别家), are no competitor. Names that the firm has met before are known
wherever they stand.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coach.noting.amounts import amounts
from policies.scores.decision_chain import PERSON

_N = r"(?P<name>[一-鿿A-Za-z0-9·+&.\-]{2,12}?)"
_STOP_ZH = (
    r"(?=[，。；、,;\s！!～~？?（(：:]|$|也|还|都|已|最后|最终|最|报|给|价|比|的|了|在"
    r"|是|有(?!限)|和|与|跟|很|服务|质量|我|他们|她|这|现|今|明|后天|下周|下个|周[一二三四五六日]"
    r"|要|这|预算"
    r"|嫌|想|做过|做了|来|去|设备|机器|方案|产品|系统|的料|觉得|不|更|先|又|正|曾|免费"
    r"|同|两家|校|老|因|便宜|贵|低|高|PK|pk|谈|竞争|就|被|那|刚|每|能|且|但|而|所以|因为)"
)
_LEFT_ZH = r"(?:^|(?<=[，。；、,;\s！!：:～~的了是在和跟与被把万元块定批板管家看说还受但而]))"
_ZH = (
    rf"(?:竞争对手|竞争者|竞品|对手|友商)(?:目前|现在|主要|还|就|应该|可能)*(?:是|为|有|：|:|就是|来自)?\s*{_N}{_STOP_ZH}",
    rf"(?:在用|现用|正在用|一直用|一直在用|一直买|一直采购|目前用|现在用|用的(?:都)?是"
    rf"|用的|老供应商(?:是)?|现供应商(?:是)?|现有供应商(?:是)?|上的|合作的是|装的是|买的是)(?!我们)\s*{_N}{_STOP_ZH}",
    rf"(?:除了我们(?:还|以外|之外)*(?:还)?有|(?:就|只)剩(?:下)?我们和|和我们(?:竞争|争"
    rf"|抢)的(?:是|还有)|还在看|在看|看上|看中|看好|倾向(?:于)?|偏向|偏爱|更喜欢|更认|对标"
    rf"|替换(?:掉)?|对比(?:了)?|还找了|主要是和|碰到|遇到|输给(?:了)?|(?:推荐|介绍|选)的(?:是)?)"
    rf"\s*{_N}(?=比(?!较)|PK|pk|竞争|的|，|。|,|;|；|$|两家|价格|争|在谈|了|也)",
    rf"(?:跟|和|与|同(?![意时事行学样期])|拿)\s*{_N}(?=比(?!较)|PK|pk|竞争|的(?:方案|设备|产品|机器|报价|价格"
    rf"|样品|合同|关系)|两家竞争|争|压我们|压价|在谈|谈|合作|对比|签的)",
    rf"(?:之前|以前|一直|原来|原先|目前|现在|老设备|老系统|设备|系统|机器)(?:都)?(?:是"
    rf"|由)\s*{_N}(?=的(?:[，。；,;\s]|$|用了|设备|机器|货|料|产品|系统)|供|做的|在做|在供"
    rf"|给他们|提供)",
    rf"(?:原来|原先|老厂|旧)(?:那[台套]|的)?[^，。]{{0,3}}是\s*{_N}(?=[，,。；]|的|$)",
    rf"{_LEFT_ZH}{_N}的(?:业务员|业务|销售|代表|客户经理|工程师|人|老总|经销商|代理)(?!说|问|建议|意见|电话)",
    rf"(?:我们(?:家)?|咱们)(?:和|与|跟)\s*{_N}(?=之间|里面|中间|二选一|两家)",
    rf"被\s*{_N}(?=低价|拿|抢|截|撬)",
    rf"(?:在|拿)\s*{_N}(?:和|与|跟)(?:我们|咱们)",
    rf"(?:买|装|上|订|采购)(?:了|过)?(?:[一二两三四五六七八九十几\d]+[台套批辆个]的?)\s*{_N}(?=[，。；,;\s]|$)",
    rf"{_LEFT_ZH}{_N}(?:和|跟|与|同)(?:我们|咱们)(?!合作|联系|说|约)",
    rf"{_LEFT_ZH}{_N}(?:昨天|前天|上周|上个月|今天|刚刚?|已经|也|早就|之前)+(?:刚)?(?:去"
    rf"|来)(?:汇报|拜访|演示|介绍|谈|讲|交流|看)(?:过|了)",
    rf"(?:是|由|找)\s*{_N}(?=做的|供的|装的|建的|承建|承接|中的标|提供的|供应的|做过)",
    rf"{_LEFT_ZH}{_N}的(?:价格|报价|方案|设备|产品|东西|货|料|机器|服务|质量|交期)(?=比我们|更|高|低|便宜|贵|好|快|太|有优势)",
    rf"买\s*{_N}(?=的(?!人))",
    rf"{_LEFT_ZH}{_N}(?:也|还|都|已经|已|又|正|刚|今天|昨天|上周|之前|和(?:我们|[一-鿿]{{2,4}})"
    rf"|、[一-鿿A-Za-z]{{2,6}}){{0,3}}(?:在)?"
    r"(?:报(?:了)?(?:个)?价|报了|报价|投标|来(?:看|谈|试|拜访)?过|去过|在跟|在谈|跟他们谈"
    r"|在竞?争|在做工作|入围|介入|参与|要价|做过试用|做了试用|给(?:他们|客户)|比我们(?:低"
    r"|贵|便宜|快)"
    r"|和我们(?:两家|竞争|比|价格)|跟我们(?:竞争|比|抢)|降了|便宜|的人(?:也)?(?:来|在"
    r"|上周)|(?:出|做|交|送|发)了(?:一?[份版套个]|初稿|效果图|方案|报价|样品|标书)|抢走"
    r"|拿走|拿下|截胡|低价|承保|也想|盯上|插了一脚|掺和|(?:那边|他们|家)(?:也)?(?:报|送"
    r"|给|开|有人|在|来)|开了个|的(?:她|他|客户)(?:们)?也看|价格比我们|低价|先给|先进"
    r"|抢先|盯|找过他们|想做|在争取|中标|供货|更低|给了|跟得|占了|做了关系|有优势|出手"
    r"|插手|有意向)",
)
_SURE_ZH = 2
"""How many of the first words call somebody a rival or name what is in use."""
_OUT_ZH = (
    rf"(?:排除了?|不考虑|淘汰了?|放弃了?|否(?:决|定)了|不(?:再)?用|换掉了?|踢掉了?)\s*{_N}{_STOP_ZH}",
    rf"{_LEFT_ZH}{_N}[^，。；]{{0,6}}(?:被(?:客户|他们)?(?:排除|淘汰|否)|出局|退出)",
)
_NOBODY_ZH = re.compile(
    r"有人|没人|人家|人$|(?:别|其他|其它|另一?|另外|几|哪|两|三|多)家|别的|其他|我们|他们"
    r"|客户|对方|供应商|厂家|老板|价格|[经]理|主任|我|你|他|谁|没|的(?:人|业务|销售)|^被"
    r"|设备科|财务|不|采购|技术|预算|方案|产品|东西|目前|现在|主要|项目|友商|对手|竞品"
    r"|同行"
    r"|^(?:进口|国产|本地|小厂|大厂|公司|二手|一套|一台|一批|自己|新|旧|老)|\d{2}|面谈"
    r"|领导|临床|科室|样品|样机|合同|资料|见面|一下|这个|那个|什么|总$|^.{1,2}工$|试|处长"
    r"|校长|院长|厂长|的$|[要拿补送寄等问谈说看想让把做发签]|[今明后]天|[月年周号日]|(?:正式"
    r"|可以|接受|反馈|价格|质量|交期|速度|服务|效果)"
)
_NAME_EN = r"(?P<name>(?-i:(?:[A-Z]|\d[A-Z])[\w&+'\-]*(?:\.(?:com|ai|io))?(?: (?:&|[A-Z][\w&+\-]*)){0,2}))"
_WORD = r"(?!(?:{stops})\b)[a-z][\w&+\-]*"
_STOPS_EN = (
    "a|an|the|us|our|we|they|them|their|it|its|he|she|his|her|him|i|my|you|this|that"
    "|these|those|and|or|but|so|because|if|as|at|on|in|to|for|of"
    "|from|by|with|now|right|today|also|already|is|are|was|were|be|been|has|have|had"
    "|do|does|did|not|no|nobody|none|any|anyone|some|someone|another"
    "|other|others|one|two|three|local|several|different|new|old|next|last|this|tomorrow"
    "|cheaper|who|which|what|there|will|would|can|could"
    "|price|prices|budget|meeting|decision|purchasing|owner|boss|same|very|more|less"
    "|current|present|currently|quite|all|only|supplier|suppliers"
    "|vendor|vendors|competitor|competitors|customer|offer|quote|sample|samples|free"
    "|give|gives|gave|machine|machines|product|products|price|way|monday"
    "|tuesday|wednesday|thursday|friday|excel|spreadsheets?|paper|several|many|few|most"
    "|time|then|when|until|before|after|just|really|pretty|based"
    "|going|looking|talking|using|happy|unhappy|sending|while|yet|too|delivery|quality"
    "|service|about|around|between|least|time|flour|board|see|track|hold"
)
_LOWER_EN = rf"(?P<name>{_WORD}(?: {_WORD})?)".replace("{stops}", _STOPS_EN)
_EITHER_EN = "{name}"
_EN = (
    r"\b(?:competitors?|competition|rivals?|incumbent|incumbent vendor|(?:current|present"
    r"|existing|main) (?:supplier|vendor|provider|competitor))(?: here)?(?:\s+(?:is|are"
    r"|seems to be|at present is|=)|:)\s*{name}",
    r"\b(?:competing (?:with|against)|compete with|up against|versus|vs\.?|bidding against"
    r"|comparing us (?:to|with)|compares? us (?:to|with)|compare with|eval\w*['’]?(?:ing)? us (?:vs\.?"
    r"|against)|lost (?:the last one|last time) to|losing to)\s+{name}",
    r"\b(?:quotes?|quotation|proposal|offer|bid|price|demo|proposals?)\s+(?:also\s+)?(?:from|by)\s+{name}",
    r"\b(?:talking to|speaking (?:to|with)|considering|looking at|evaluating|in talks with"
    r"|trialling|trialing|testing|shortlisted|leaning towards?|prefers?(?: the offer from)?"
    r"|likes?)\s+(?!us\b){name}",
    r"\b(?:shortlist(?: is|:)?\s*(?:us(?:,| and)|we and))\s*{name}",
    r"\b(?:they|customer|he|she|currently|now|at present|still|today they)?['’]?(?:re"
    r"| are)?\s*(?:currently |now |still |at present )?(?:trial(?:l?ed)|piloted|tested"
    r"|demoed|use[sd]?|using|runs?|buys?(?: now)? from|supplied by|on|with|integrator,"
    r"|machines from|equipment from|products from)\s+(?:machines from |equipment from "
    r"|controllers from )?{name}"
    r"(?=\s+(?:right now|now|today|at present|at the moment|controllers?|machines?|for"
    r"|and|since|currently)|[,.;]|\s*$|\s+they\b)",
    r"{left}{name}(?:,? (?:has|have|had|is|are|['’]s))?(?: also| already| still)? (?:(?:has "
    r"|have )?(?:given|submitted|made|sent|proposed|tabled)\b[^.;]{0,24}?\b(?:quote|offer"
    r"|bid|proposal|price|discount|samples?|demo)|in the (?:mix|picture|frame|race|loop)"
    r"|in play|on the table|circling|sniffing|chasing|proposing|quoted|quote|offered|offer(?:s"
    r"|ing)?|undercut|bid|bidding|presenting|invited|cheaper|gave|give|in the running"
    r"|(?:been|already|still) in\b|the ones? to beat|the one we|looking strong|incumbent"
    r"|promised|came in|in there|pitched|demoed|lowballed|pushing|visited them|got there first"
    r"|installed|ahead|involved|on the shortlist|shortlisted|their favou?rite|sent samples"
    r"|the main rival|competing|supplies|supply|services)\b",
    r"\b(?:switch(?:ing)?|mov(?:e|ing)) (?:away |off )?from\s+{name}",
    r"\b(?:existing|current|present|old|installed) \w+\b[^.;,]{0,20}?\b(?:is|are|was|were"
    r"|came)(?: all| mostly| from| by)* {name}",
    r"{left}{name}['’]s? (?:rep|people|sales\w*|team|man|engineer|guys?)\b",
    r"\b(?:replac(?:e|ing)|moving off|head[- ]to[- ]head with|between us and|us or|beat"
    r"|alternative is|rival|locked in(?:to)? (?:with )?|contract with|in bed with|installed by)\s+{name}",
)
_SURE_EN = 2
_OUT_EN = (
    r"\b(?:ruled out|decided against|dropped|moved away from|rejected|eliminated|no longer use"
    r"|stopped using|not considering|turned down)\s+{name}",
    r"\blooked at\s+{name}[^.;]{{0,30}}\bpassed",
    r"{left}{name} (?:is|was|are|were|has been|have been) (?:out|dropped|rejected|eliminated|ruled out)\b",
)
_NOBODY_EN = re.compile(
    rf"^(?:{_STOPS_EN}|CEO|CFO|CTO|CIO|COO|VP|IT|DM|EB|POC|ROI|SOW|NDA|SOC2|USD|EUR|GBP"
    rf"|Mon|Tue|Tues|Wed|Thu|Fri|Q[1-4]|Purchasing|Procurement|Head|Director"
    r"|Manager|Sample|Samples|Rates?|Visit|Call|Send|Sent|Met|Met|Spoke|Budget|Decision"
    r"|Next|He|She|They|We|I|No|None|Not|Customer|Owner|Engineering|Finance|Mr|Mrs|Ms"
    r"|Dr|Prof|The|Their|His|Her|Our|Legal|Board|January|February|March|April|May|June"
    r"|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)


class Competitor(NamedTuple):
    """A name at `[start, end)`, and from where to where the words reach that say that it is a rival."""

    start: int
    end: int
    told_from: int
    told_to: int


def _compiled(patterns: Iterable[str], name: str, left: str = "") -> list[re.Pattern[str]]:
    """Patterns in English with what a name looks like, and what may stand before one, put in."""
    plain = (each.replace("{name}", name).replace("{left}", left) for each in patterns)
    return [re.compile(each.replace("{{", "{").replace("}}", "}"), re.IGNORECASE) for each in plain]


_PLAIN_ZH = [re.compile(f"(?=(?P<told>{each}))") for each in _ZH]
_GONE_ZH = [re.compile(each) for each in _OUT_ZH]
_CASED_EN = _compiled(_EN, _NAME_EN, r"(?:^|(?<=[.;,\n]\s)|(?<=\b(?:and|but) )|(?<=\bthat ))")
_LOWER = _compiled(_EN, _LOWER_EN, r"(?:^|(?<=, )|(?<=\band ))")
_GONE_EN = _compiled(_OUT_EN, _NAME_EN, r"(?:^|(?<=[.;,\n]\s))") + _compiled(_OUT_EN, _LOWER_EN, r"^")


def competitors_in(note: str, known: Iterable[str] = ()) -> list[Competitor]:
    """The competitors that a note names: who is called a rival or is in use, then those who offer, in their order. `known`:
    names that the firm has met before."""
    gone = {_plain(match["name"]) for pattern in (*_GONE_ZH, *_GONE_EN) for match in pattern.finditer(note)}
    named = [(rank, told) for rank, told in (*_in_chinese(note), *_in_english(note)) if not _is_denied(note, told.told_from)]
    found = [*named, *((1, each) for each in _met_before(note, known))]
    kept = [each for each in found if _plain(note[each[1].start : each[1].end]) not in gone]
    kept.sort(key=lambda each: (each[0], each[1].start))
    by_name: dict[str, Competitor] = {}
    for _, told in kept:
        by_name.setdefault(_plain(note[told.start : told.end]), told)
    return list(by_name.values())


def _in_chinese(note: str) -> Iterator[tuple[int, Competitor]]:
    numbers = [(each.start, each.end) for each in amounts(note)]
    for place, pattern in enumerate(_PLAIN_ZH):
        nearest: dict[int, re.Match] = {}
        for match in pattern.finditer(note):
            name, begun = match["name"], nearest.get(match.end("name"))
            if _NOBODY_ZH.search(name) or PERSON.fullmatch(name) or _is_in(match.span("name"), numbers):
                continue
            # Where a name may begin at several places: with its clause, else as late as it can.
            if begun is None or not _begins_clause(note, begun.start("name")):
                nearest[match.end("name")] = match
        for match in nearest.values():
            open_left = _ZH[place].startswith(_LEFT_ZH)
            yield int(place >= _SURE_ZH) + open_left * (1 + (not _begins_clause(note, match.start(
                "name"
            )))), Competitor(*match.span("name"), match.start(), match.end("told"))


def _in_english(note: str) -> Iterator[tuple[int, Competitor]]:
    for place, pattern in enumerate(_CASED_EN if _is_cased(note) else _LOWER):
        for match in pattern.finditer(note):
            name = match["name"].rstrip(".")
            if not _NOBODY_EN.match(name):
                start = match.start("name")
                yield int(place >= _SURE_EN), Competitor(start, start + len(name), match.start(), match.end())


def _begins_clause(note: str, place: int) -> bool:
    return not note[:place].strip() or note[:place].rstrip()[-1] in "，。；、,;！!：:"


def _met_before(note: str, known: Iterable[str]) -> Iterator[Competitor]:
    folded = note.casefold()
    for name in known:
        place = folded.find(name.casefold()) if len(name) > 1 and len(folded) == len(note) else -1
        if place >= 0:
            yield Competitor(place, place + len(name), place, place + len(name))


def _plain(name: str) -> str:
    return name.casefold().strip(". ")


def _is_cased(note: str) -> bool:
    """Whether capitals mean something in a note: dictation often has none."""
    return any(word[0].isupper() for word in re.findall(r"[A-Za-z][\w']*", note))


def _is_in(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _is_denied(note: str, start: int) -> bool:
    """Whether the words are said not to be so: 没有竞争对手, no competitor, not talking to."""
    return bool(re.search(
        r"(?:没有?|无|不是|并非|没碰到|没见)(?:什么|其他|别的)?$|\b(?:no|not|never|without"
        r"|n['’]t)(?: any| other)?\s+$", note[:start], re.I))
