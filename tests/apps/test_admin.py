"""The administration: who may do what on which page, links that set a password, and that nothing secret is told twice."""

import ast
import csv
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from markupsafe import escape

from apps.admin.desk import FOLDER
from apps.admin.routes import ROOMS
from apps.pages import texts as pages_texts
from apps.pages.texts import texts
from coach.api import access
from coach.problems import NotSignedIn
from coach.store import SYSTEM, Store, backups, people, reading, sessions
from coach.store.store import audited
from coach.store.viewer import ROLES
from tests.apps.admin_visits import Office, Visitor
from tests.coach.firm import at
from tests.coach.test_outbox import Target

NEW = "a long enough one"
_SECRET = re.compile(r"/password#([\w-]+)")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return Office(tmp_path_factory.mktemp("admin"))


@pytest.fixture
def admin(office):
    return office.visitor("admin")


def person(office, name: str) -> dict:
    return next(each for each in people.people(office.firm.store, SYSTEM) if each["name"] == name)


def test_a_person_is_added_and_sets_the_password_by_the_link_that_is_shown_once(office, admin):
    admin.send("/admin/people", "add", name="王芳", role="rep", unit="rep-1", language="zh")
    (secret,) = set(_SECRET.findall(admin.page))
    assert person(office, "王芳") == {"name": "王芳", "role": "rep", "unit": "rep-1", "language": "zh", "active": True}
    assert secret not in admin.open("/admin/person?name=王芳").text
    nobody = Visitor(office, None, "zh")
    assert "王芳" in nobody.client.post("/password", data={"secret": secret}).text
    faulty = nobody.client.post("/password", data={"secret": secret, "password": "short", "password_again": "short"})
    assert (faulty.status_code, "密码须有" in faulty.text) == (422, True)
    differ = nobody.client.post("/password", data={"secret": secret, "password": NEW, "password_again": NEW + "!"})
    assert (differ.status_code, "不一致" in differ.text) == (422, True)
    told = {"secret": secret, "password": NEW, "password_again": NEW}
    assert nobody.client.post("/password", data=told).status_code == 303
    assert nobody.client.post("/password", data=told).status_code == 404
    assert sessions.sign_in(office.firm.store, "王芳", NEW, office.firm.now)[1].unit == "rep-1"


def test_the_secret_of_a_link_stands_in_no_address_and_in_no_line_of_the_audit_log(office, admin):
    answer = admin.send("/admin/person?name=rep", "link")
    (secret,) = set(_SECRET.findall(admin.page))
    assert secret not in str(answer.url)
    assert secret not in str(reading.audit(office.firm.store, SYSTEM))
    office.firm.store.close()
    assert secret.encode() not in office.firm.path.read_bytes()


def test_people_are_found_by_name_role_or_unit_and_by_whether_they_may_sign_in(office, admin):
    people.add_person(office.firm.store, SYSTEM, office.firm.now, name="gone", role="rep", unit="rep-2")
    people.deactivate(office.firm.store, SYSTEM, office.firm.now, "gone")

    def found(query: str) -> set[str]:
        admin.open(f"/admin/people?{query}")
        return set(re.findall(r"/admin/person\?name=([\w-]+)", admin.page))

    assert {"rep", "manager", "operations"} <= found("")
    assert "gone" not in found("")
    assert found("active=no") == {"gone"}
    assert found("q=team-1") == {"manager"}
    assert found("q=Support desk&active=") == {"desk"}


def test_a_person_is_put_out_and_brought_back_with_other_rights(office, admin):
    admin.send("/admin/people", "add", name="Li Wei", role="rep", unit="rep-2")
    admin.send("/admin/person?name=Li Wei", "put_out")
    assert not person(office, "Li Wei")["active"]
    admin.send("/admin/person?name=Li Wei", "change", role="manager", unit="team-1", language="en")
    assert person(office, "Li Wei") == {"name": "Li Wei", "role": "manager", "unit": "team-1", "language": "en", "active": True}


@pytest.mark.parametrize(
    ("fields", "en", "zh"),
    [
        ({"name": "rep", "role": "rep", "unit": "rep-1"}, "somebody called rep already", "已有名为“rep”的人员"),
        ({"name": "", "role": "rep", "unit": "rep-1"}, "Name:", "名称："),
        ({"name": "new", "role": "king", "unit": "rep-1"}, "no role", "没有角色"),
        ({"name": "new", "role": "rep", "unit": "nowhere"}, "no unit", "没有单位"),
        ({"name": "new", "role": "manager"}, "Choose the unit", "请选择"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_on_its_page_in_the_readers_language_and_typing_is_kept(office, fields, en, zh):
    before = people.people(office.firm.store, SYSTEM)
    for language, said in (("en", en), ("zh-CN", zh)):
        visitor = office.visitor("admin", language)
        assert visitor.send("/admin/people", "add", **fields).status_code == 422
        assert said in visitor.page
        assert f'value="{fields["name"]}"' in visitor.page
    assert people.people(office.firm.store, SYSTEM) == before


def test_the_last_administrator_and_oneself_are_not_put_out(office, admin):
    assert admin.send("/admin/person?name=admin", "put_out").status_code == 422
    assert admin.send("/admin/person?name=admin", "change", role="rep", unit="rep-1").status_code == 422
    assert person(office, "admin")["active"]


def test_a_form_without_the_token_of_its_session_does_nothing(office, admin):
    for token in ("", "0" * 64):
        answer = admin.send("/admin/people", "add", token=token, name="forged", role="rep", unit="rep-1")
        assert (answer.status_code, "load the page again" in admin.page) == (403, True)
    assert "forged" not in [each["name"] for each in people.people(office.firm.store, SYSTEM)]


def test_everybody_changes_the_own_password_and_language_and_keeps_this_session_alone(office):
    for role, unit in (("rep", "rep-1"), ("desk", "finance")):
        name = f"own-{role}"
        people.add_person(office.firm.store, SYSTEM, office.firm.now, name=name, role=role, unit=unit, password=NEW)
        here, there = office.visitor(name), office.visitor(name)
        wrong = here.send("/account", "password", present_password="wrong", password="another long one",
                          password_again="another long one")  # fmt: skip
        assert wrong.status_code == 422
        here.send("/account", "password", present_password=NEW, password="another long one", password_again="another long one")
        assert here.open("/account").status_code == 200
        assert there.open("/account").headers["location"].startswith("/?next=account")
        with pytest.raises(NotSignedIn):
            sessions.sign_in(office.firm.store, name, NEW, office.firm.now)
        here.send("/account", "language", language="zh")
        assert person(office, name)["language"] == "zh"
        assert "我的账号" in here.open("/account").text


def test_who_guesses_the_present_password_is_stopped(office, monkeypatch):
    monkeypatch.setattr(access, "MOST_FAILURES", 2)
    people.add_person(office.firm.store, SYSTEM, office.firm.now, name="guessed", role="rep", unit="rep-1", password=NEW)
    visitor = office.visitor("guessed")
    tried = {"password": "another long one", "password_again": "another long one"}
    codes = [visitor.send("/account", "password", present_password=f"guess {n}", **tried).status_code for n in range(3)]
    assert codes == [422] * 2 + [429]


def test_what_is_not_there_is_said_on_a_page(admin):
    for address in ("/admin/nothing", "/admin/person?name=nobody"):
        answer = admin.open(address)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "There is no such page" in admin.page


def test_a_link_that_is_asked_for_before_the_sign_in_is_opened_after_it(office):
    away = Visitor(office, None).open("/admin/person?name=rep")
    asked = away.headers["location"]
    assert office.visitor("admin").open(asked).headers["location"] == "/admin/person?name=rep"
    assert office.visitor("rep").open(asked).headers["location"] == "/board"


def unit(office, name: str) -> dict:
    return reading.record(office.firm.store, SYSTEM, "unit", name)


def test_a_unit_is_added_named_and_moved_and_what_it_is_called_shows(office):
    visitor = office.visitor("operations")
    visitor.send("/admin/units", "add", name="华东", level="region", parent="company")
    assert unit(office, "华东")["values"]["parent"] == "company"
    visitor.send("/admin/unit?name=team-1", "change", title="上海一组", level="team", parent="华东")
    moved = unit(office, "team-1")
    assert (moved["values"]["parent"], moved["title"]["zh"]) == ("华东", "上海一组")
    assert "上海一组" in visitor.open("/admin/units").text
    visitor.send("/admin/unit?name=team-1", "change", title="", level="team", parent="company")
    back = unit(office, "team-1")
    assert (back["values"]["parent"], back["title"]["zh"]) == ("company", "team-1")


def test_a_unit_of_any_name_hints_at_it_and_adds_nothing_to_the_page(office, admin):
    name = "x onfocus=y \"<b>'"
    office.firm.post("registered", name, kind="unit", level="team", parent="company")
    answer = admin.open(f"/admin/unit?{urlencode({'name': name})}")
    (field,) = re.findall(r'<input name="title"[^>]*>', answer.text)
    assert f'placeholder="{escape(name)}"' in field
    assert 'maxlength="' in field


def test_no_line_of_units_closes_a_circle(office, admin):
    for parent in ("team-1", "rep-1", "nowhere"):
        assert admin.send("/admin/unit?name=team-1", "change", level="team", parent=parent).status_code == 422
    assert unit(office, "team-1")["values"]["parent"] == "company"


def test_a_manager_is_made_to_lead_a_unit_by_an_administrator_alone(office, admin):
    admin.send("/admin/unit?name=company", "lead", leader="manager")
    assert person(office, "manager")["unit"] == "company"
    assert office.visitor("operations").send("/admin/unit?name=team-1", "lead", leader="manager").status_code == 403
    admin.send("/admin/unit?name=team-1", "lead", leader="manager")
    assert person(office, "manager")["unit"] == "team-1"


def test_leave_begins_and_ends_by_itself_and_its_deputy_is_told(office):
    visitor, firm = office.visitor("operations"), office.firm
    visitor.send("/admin/unit?name=rep-2", "leave", begins="2026-01-07", ends="2026-01-09")
    assert "Leave from 2026-01-07, back on 2026-01-09" in visitor.page
    assert unit(office, "rep-2")["values"]["absent"] == 0.0
    assert visitor.send("/admin/unit?name=rep-2", "leave", begins="2026-01-08").status_code == 422
    firm.until("2026-01-07 00:00")
    visitor = office.visitor("operations")
    visitor.open("/admin/unit?name=rep-2")
    assert "team-1 stands in" in visitor.page
    firm.until("2026-01-09 00:00")
    history = reading.history(firm.store, SYSTEM, "unit", "rep-2")["events"]
    told = [(each["event"], each["recorded_at"]) for each in history if each["event"].startswith("absence")]
    assert told == [("absence_began", at("2026-01-07 00:00")), ("absence_ended", at("2026-01-09 00:00"))]
    assert unit(office, "rep-2")["values"]["absent"] == 0.0


def test_leave_is_called_off_or_ended_early(office):
    visitor = office.visitor("operations")
    visitor.send("/admin/unit?name=rep-2", "leave", begins="2026-02-01")
    (key,) = re.findall(r'name="key" value="(\w+)"', visitor.page)
    visitor.send("/admin/unit?name=rep-2", "call_off", key=key)
    assert "Leave from" not in visitor.page
    visitor.send("/admin/unit?name=rep-2", "leave", begins="2026-01-08", ends="2026-03-01")
    assert unit(office, "rep-2")["values"]["absent"] == 1.0
    visitor.send("/admin/unit?name=rep-2", "back")
    assert unit(office, "rep-2")["values"]["absent"] == 0.0
    assert visitor.send("/admin/unit?name=rep-2", "back").status_code == 422
    office.firm.until("2026-03-02 00:00")
    assert unit(office, "rep-2")["values"]["absent"] == 0.0


def test_a_token_is_shown_once_lets_a_program_in_and_is_revoked(office, admin):
    admin.send("/admin/tokens", "make", person="rep", label="our CRM")
    (secret,) = re.findall(r'id="secret" readonly value="([\w-]+)"', admin.page)
    assert secret not in admin.open("/admin/tokens").text
    now = office.firm.now
    assert sessions.known_by(office.firm.store, secret, now).name == "rep"
    number = next(each["id"] for each in people.tokens(office.firm.store, SYSTEM) if each["label"] == "our CRM")
    admin.send("/admin/tokens", "revoke", number=str(number))
    assert sessions.known_by(office.firm.store, secret, now) is None
    assert admin.send("/admin/tokens", "make", person="rep", label="late", until="2020-01-01").status_code == 422
    assert admin.send("/admin/tokens", "revoke", number="x").status_code == 404


def test_a_target_is_set_and_tested_and_its_address_and_secret_are_never_shown(office, admin):
    told = {"name": "sales group", "format": "wecom", "language": "zh", "secret_of_target": "hidden-one"}
    with closing(Target({"errcode": 0})) as target:
        admin.send("/admin/messages", "set", url=target.url, **told)
        assert admin.send("/admin/messages", "test", name="sales group").status_code == 200
        ((_, taken),) = target.taken
        assert "测试消息" in taken["markdown"]["content"]
        target.refuse = True
        refused = admin.send("/admin/messages", "test", name="sales group")
        assert (refused.status_code, "HTTP 503" in admin.page) == (422, True)
    seen = admin.open("/admin/messages").text + str(reading.audit(office.firm.store, SYSTEM))
    assert "topsecret" not in seen
    assert "hidden-one" not in seen
    admin.send("/admin/messages", "off", name="sales group")
    assert "Switch on" in admin.page
    assert admin.send("/admin/messages", "set", url="ftp://x", **told).status_code == 422


def test_what_became_of_messages_is_told(office, admin):
    with closing(Target()) as target:
        admin.send("/admin/messages", "set", name="gone", format="generic", url=target.url, language="en")
    office.firm.deal("unmoved", "rep-1")
    office.firm.until("2026-03-20 00:00")
    office.app.state.sender.clock = lambda: office.firm.now
    office.app.state.sender.send_due()
    visitor = office.visitor("admin")
    visitor.open("/admin/messages")
    assert "not taken (ConnectError), attempts so far: 1" in visitor.page
    visitor.send("/admin/messages", "off", name="gone")


def test_zone_currency_and_rates_are_set_and_faulty_ones_named(office):
    visitor, store = office.visitor("operations"), office.firm.store
    visitor.send("/admin/firm", "zone", zone="Europe/Berlin")
    assert (store.calendar.zone, store.calendar.country) == ("Europe/Berlin", "DE")
    office.firm.service.tick()
    visitor.send("/admin/firm", "zone", zone="Asia/Shanghai", country="cn")
    assert (store.calendar.zone, store.calendar.country) == ("Asia/Shanghai", "CN")
    assert visitor.send("/admin/firm", "zone", zone="Mars/Olympus").status_code == 422
    assert visitor.send("/admin/firm", "rates", date="2026-01-01", currency="EUR", rate="7.8").status_code == 422
    office.firm.deal("foreign", "rep-1", amount="100 EUR")
    visitor.send("/admin/firm", "currency", currency="cny")
    assert store.currency == "CNY"
    visitor.open("/admin/firm")
    assert "Amounts in EUR without a rate: 1" in visitor.page
    visitor.send("/admin/firm", "rates", date="2026-01-01", currency="EUR", rate="7.8")
    assert "7.8" in visitor.page
    office.firm.now += 1000
    office.firm.service.tick()
    assert reading.record(store, SYSTEM, "opportunity", "foreign")["values"]["amount"] == 780.0
    assert visitor.send("/admin/firm", "rates", lines="2026-01-01,USD,7.1\n2026-02-30,USD,7.2").status_code == 422
    assert "row 3" in visitor.page


def test_the_state_tells_what_does_not_run_and_what_waits(office, admin):
    admin.open("/admin/state")
    assert "Something needs a look" in admin.page
    assert admin.page.count("does not run") == len(office.app.state.workers)
    zh = office.visitor("operations", "zh")
    zh.open("/admin/state")
    assert "未运行" in zh.page
    assert "written-here" in zh.page
    assert "/admin/backup" not in zh.page


def test_a_backup_is_taken_by_an_administrator_and_is_a_store_that_holds_everything(office, admin, tmp_path):
    admin.open("/admin/state")
    token = re.findall(r'name="token" value="(\w+)"', admin.page)[0]
    answer = admin.client.post("/admin/backup", data={"token": token})
    assert re.fullmatch(r'attachment; filename="rehearse-[\d-]+\.db"', answer.headers["content-disposition"])
    (tmp_path / "copy.db").write_bytes(answer.content)
    copy = Store.open(tmp_path / "copy.db")
    assert people.people(copy, SYSTEM) == people.people(office.firm.store, SYSTEM)
    copy.close()
    admin.open("/admin/state")
    assert re.search(r"Last backup</dt><dd>[\d: -]+, admin, ", admin.page)
    assert admin.client.post("/admin/backup", data={"token": "0"}).status_code == 403


def test_a_backup_by_the_command_is_known_too(office, admin):
    backups.note_backup(office.firm.path, office.firm.now, backups.COMMAND, 1000)
    admin.open("/admin/state")
    assert "by the command, 1 kB" in admin.page


def test_the_audit_log_is_searched_by_who_what_about_what_and_when_and_taken_away_as_csv(office, admin):
    store, now = office.firm.store, office.firm.now
    with store.write() as connection:
        audited(connection, now, "=cmd|' /C calc'", "person_set", "赵敏", role="rep", unit="rep-1")
        audited(connection, now - 90 * 86_400_000, "old hand", "todo_done", "17", rule="100%")

    def found(query: str) -> list[list[str]]:
        answer = admin.client.get(f"/admin/audit.csv?{query}")
        return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))[1:]

    (line,) = found("about=赵敏")
    assert line[1:] == ["'=cmd|' /C calc'", "person added or changed", "赵敏", "role: rep; unit: rep-1"]
    assert len(found("who=OLD")) == 1
    assert found("about=100%25") == found("who=old hand") != []
    assert found("about=10_%25") == []
    day = line[0][:10]
    assert line in found(f"since={day}&until={day}&action=person_set")
    assert found(f"until={day}&since={day}&who=old") == []
    assert {each[2] for each in found("action=todo_done")} == {"to-do done"}
    admin.open("/admin/audit?who=old&lang=zh")
    assert "完成待办" in admin.page
    assert "操作者" in admin.page
    admin.open("/admin/audit?since=yesterday")
    assert "is no day" in admin.page
    assert admin.open("/admin/audit.csv?since=yesterday").status_code == 422


def test_everything_that_is_written_to_the_audit_log_has_words():
    said = texts(FOLDER)
    ends = {"change": ("activate", "mode", "rollback"), "decision": ("confirmed", "refused", "withdrawn"),
            "pursuit": ("joint", "declined", "ended"), "review": ("valid", "void")}  # fmt: skip
    actions, details = set(), set()
    for file in [*FOLDER.parents[1].glob("coach/**/*.py"), *FOLDER.glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audited":
                actions |= _actions(node.args[3], ends)
                details |= {each.arg for each in node.keywords if each.arg}
    assert len(actions) > 50
    assert {each for each in actions if f"actions.{each}" not in said} == set()
    assert {each for each in details if f"details.{each}" not in said} == set()


def _actions(node: ast.expr, ends: dict[str, tuple[str, ...]]) -> set[str]:
    if isinstance(node, ast.JoinedStr):
        begin, end = node.values
        name = end.value.id if end.value.id in ends else begin.value.rstrip("_")
        return {begin.value + each for each in ends[name]}
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


OF = {"person": "rep", "unit": "rep-1"}
ADDRESSES = sorted([*(f"/admin/{name}?name={OF.get(name, '')}" for name in ROOMS), "/admin/audit.csv"])


@pytest.mark.parametrize("role", [*ROLES, None])
def test_who_reaches_what(office, role):
    visitor = office.visitor(role) if role else Visitor(office, None)
    for address in ADDRESSES:
        name = re.split(r"[./?]", address)[2]
        answer = visitor.open(address)
        if role is None:
            assert answer.headers["location"].startswith("/?next=admin"), address
            sent = visitor.client.post(address, headers={"accept": "text/html,*/*"})
            assert sent.status_code in (303, 405), address
        elif role in ROOMS[name].roles:
            assert answer.status_code == 200, address
        else:
            assert answer.status_code == 403, address
        for do in ROOMS[name].does:
            answer = visitor.client.post(f"/admin/{name}?name={OF.get(name, '')}", data={"do": do})
            assert answer.status_code == (401 if role is None else 403), (address, do)
    assert visitor.client.post("/admin/backup", data={}).status_code == (401 if role is None else 403)
    assert {page for page in ROOMS if role in ROOMS[page].roles} == (
        set(ROOMS) if role == "admin" else {"units", "unit", "firm", "state"} if role == "operations" else set()
    )


def test_an_operator_is_told_no_secret_and_nobody_who_has_not_to_do_with_units(office):
    visitor = office.visitor("operations")
    seen = "".join(visitor.open(address).text for address in ADDRESSES)
    assert "sales group" not in seen
    assert "our CRM" not in seen
    assert ">own-desk<" not in seen


def test_every_text_is_used_and_every_text_that_is_asked_for_is_there():
    said = set(texts(FOLDER)) - set(texts(Path(pages_texts.__file__).parent))
    source = "".join(file.read_text(encoding="utf-8") for file in [*FOLDER.glob("*.py"), *FOLDER.glob("*.html")])
    sections = "|".join({each.partition(".")[0] for each in said})
    asked = set(re.findall(rf'"((?:{sections})\.(?!html|csv|css)\w+)"', source))
    made = set(re.findall(r'"(\w+\.)" ~|f"(\w+\.)\{', source))
    begins = tuple({begin for both in made for begin in both if begin})
    told = {f"told.{each}" for each in re.findall(r'told="(\w+)"|name, "(\w+)"\)', source) for each in each if each}
    assert asked - set(texts(FOLDER)) == set()
    assert told - set(texts(FOLDER)) == set()
    of_values = ("verdicts.", "kinds.", "how.", "resources.", "formats.", "languages.", "people.active_")
    unused = {each for each in said - asked - told if not each.startswith((*begins, *of_values))}
    assert unused == set()
