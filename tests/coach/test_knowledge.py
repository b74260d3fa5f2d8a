"""S7, knowledge reuse: the base with its search, the share answered from it, and what is asked again and again."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from apps.cli.main import program
from coach.knowledge.base import Article, found_in
from policies.scores.knowledge_reuse import are_same, knowledge_reuse, query_of, same_questions, tokens
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk

BASE = [
    Article("1", "A 型泵的最高耐压是多少？", "1.6 兆帕，短时 2.0 兆帕。"),
    Article("2", "B 型阀门的交货期多长？", "标准件两周，定制件六周。"),
    Article("3", "What is the warranty on seals?", "Two years, wear excluded."),
    Article("4", "Which certificates do the pumps have?", "CE and ISO 9001; the pressure test is in the annex."),
    Article("5", "能否提供增值税专用发票？", "可以，发货后五个工作日内开具。"),
]
QUERIES = {
    "泵耐压": "1", "最高耐压": "1", "阀门要等多久交货": "2", "warranty for a seal": "3", "certificate of the pump": "4",
    "开发票": "5", "定制件": "2", "ISO 9001": "4",
}  # fmt: skip


@pytest.mark.parametrize(("query", "best"), QUERIES.items())
def test_search_finds_the_answer_in_both_languages(query, best):
    assert found_in(BASE, query_of(query))[0].id == best


@given(text=st.text(max_size=80), query=st.text(max_size=40))
def test_no_text_breaks_the_search(text, query):
    found_in([Article("x", text, text), *BASE], query_of(query) or ["x"])
    assert all(token == token.lower() for token in tokens(text))


SAME = [
    ("A型泵的最高耐压是多少", "请问 A 型泵最高耐压多少？"),
    ("What is the delivery time of the B valve?", "delivery time for B valves"),
    ("密封圈保修多久", "密封圈的保修期多久？"),
]
OTHER = [
    ("A型泵的最高耐压是多少", "A型泵的价格是多少"),
    ("A型泵的最高耐压是多少", "A型泵的最高耐温是多少"),
    ("What is the delivery time of the B valve?", "What is the price of the B valve?"),
    ("密封圈保修多久", "阀门保修多久"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_recognised(one, other):
    assert are_same(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_a_like_sentence_about_something_else_is_another_question(one, other):
    assert not are_same(one, other)


@given(texts=st.lists(st.sampled_from([text for pair in SAME for text in pair]), max_size=20))
def test_every_question_is_in_one_group(texts):
    groups = same_questions(texts)
    assert sorted(place for group in groups for place in group) == list(range(len(texts)))
    assert all(are_same(texts[group[0]], texts[place]) for group in groups for place in group)


@given(answered=st.integers(0, 60), share=st.floats(0, 1))
def test_above_65_of_a_hundred_is_healthy(answered, share):
    score = knowledge_reuse(round(answered * share), answered)
    assert (score.value is None) == (answered < 10)
    if score.value is not None:
        assert (score.colour == "green") == (score.value > 0.65)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Twelve questions were answered in three months, three of them from the base; one was put to presales four times."""
    firm = ScoredFirm(tmp_path_factory.mktemp("knowledge"))

    def ask(number: int, question: str, unit: str, **answered) -> None:
        name = f"R{number}"
        firm.tell(40, "registered", name, kind="request", unit=unit, owner=unit, desk="presales", custom__question=question)
        firm.tell(39, "answered", name, kind="request", **answered)

    ask(0, "A型泵的最高耐压是多少", "rep-1", custom__answer="1.6 兆帕", custom__knowledge=True, custom__answered_by="rep-9")
    for number, unit in ((1, "rep-2"), (2, "rep-9"), (3, "rep-2")):
        ask(number, "请问 A 型泵最高耐压多少？", unit, custom__answer="见上")
    for number in range(4, 7):
        ask(number, "A型泵最高耐压？", "rep-1", custom__reused="R0")
    for number, question in enumerate(("价格", "交货期", "产地", "颜色", "包装"), start=7):
        none = {"custom__reused": ("", "0", 0.0, "否", False)[number - 7]}
        ask(number, f"B型阀门的{question}如何", "rep-2", custom__answer="秘密 918273", **none)
    firm.write()
    return Desk(firm)


@pytest.mark.system("S7")
def test_the_share_answered_from_the_base_and_what_is_asked_again_and_again(desk):
    told = {each["kind"]: each for each in rows(desk, "admin", "S7")}
    assert (told["firm"]["value"], told["firm"]["cases"]) == (0.25, 12)
    assert "12 个问题中有 3 个在知识库中找到答案" in words(told["firm"])
    assert told["question"]["title"]["zh"] == "A型泵的最高耐压是多少"
    assert (told["question"]["cases"], told["question"]["colour"]) == (4, "red")
    assert "by 3 people" in words(told["question"])
    assert "its answer is in the knowledge base" in words(told["question"])


@pytest.mark.system("S7")
def test_everybody_searches_the_base_and_finds_only_what_was_put_into_it(desk):
    for role in ("rep", "peer", "manager"):
        (found,) = desk.ask(role, "GET", "/knowledge?q=泵耐压").json()
        assert found == {"id": "R0", "question": "A型泵的最高耐压是多少", "answer": "1.6 兆帕"}
    assert desk.ask("rep", "GET", "/knowledge?q=阀门").json() == []
    assert desk.ask("trainer", "GET", "/knowledge?q=泵耐压").json() == []
    assert desk.ask("rep", "GET", "/knowledge?q=？").status_code == 422
    assert "question" not in {each["kind"] for each in rows(desk, "rep", "S7")}


@pytest.mark.system("S7")
def test_the_terminal_searches_too(desk, tmp_path):
    done = CliRunner().invoke(
        program, ["knowledge", str(desk.firm.path), "最高耐压", "--json", str(tmp_path / "found.json")], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "1.6 兆帕" in done.output
    assert [each["id"] for each in json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))] == ["R0"]
