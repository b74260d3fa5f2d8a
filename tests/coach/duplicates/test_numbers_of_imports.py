"""Telephone and tax numbers that an export brings are taken as such, whatever its language calls them, and are searched by."""

import pytest

from coach.customers.register import Register
from coach.customers.searching import search, sought
from coach.guessing.guess import guess
from coach.guessing.sources import tables
from coach.mapping.importing import import_folder
from coach.store import SYSTEM, Store, reading
from tests.coach.test_guessing import NOW

pytestmark = pytest.mark.system("P12")
CODE, PHONE = "91110105MA8PK2XNTX", "010-82617735"
DEALS = {
    "en": "Deal ID,Account Name,Owner,Amount,Stage,Created,Phone,VAT Number",
    "zh": "商机编号,客户名称,负责人,金额,阶段,创建日期,联系电话,统一社会信用代码",
    "de": "ID,Kunde,Zuständig,Betrag,Phase,Erstellt am,Telefon,USt-IdNr",
    "es": "ID,Cliente,Responsable,Importe,Etapa,Fecha de creación,Teléfono móvil,NIF",
    "pt": "ID,Cliente,Responsável,Valor,Etapa,Data de criação,Telefone,CNPJ",
    "ru": "ID,Компания,Ответственный,Сумма,Этап сделки,Дата создания,Телефон,ИНН",
}
LEADS = {
    "en": "Lead ID,Company,Lead Owner,Created,Lead Status,Converted,Mobile Phone,Tax ID",
    "zh": "线索编号,公司名称,负责人,创建时间,线索状态,是否转换,手机,税号",
}


def brought(folder, files: dict[str, list[str]]) -> Store:
    """A store with what a guess makes of some files."""
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = guess(tables(folder), {"zone": "Asia/Shanghai"})
    store = Store.open(folder / "store.db")
    import_folder(folder, found.mapping, store, now=NOW)
    return store


def deals(language: str) -> list[str]:
    stages = ("Talks", "Offer", "Won")
    rows = [f"{n},Firm {n} Ltd,Ann,{n}00,{stages[n % 3]},2024-01-0{n % 9 + 1},{13910000000 + n}," for n in range(1, 19)]
    return [DEALS[language], *rows, f"99,北京澜信科技有限公司,Ann,900,Talks,2024-01-02,{PHONE},{CODE}"]


@pytest.mark.parametrize("language", DEALS)
@pytest.mark.parametrize("asked", ["澜信科技", "010 8261 7735", CODE])
def test_a_deal_is_found_by_the_numbers_of_its_customer(language, asked, tmp_path):
    store = brought(tmp_path, {"deals.csv": deals(language)})
    register = Register()
    (first, *_) = search(store, register, SYSTEM, sought(asked, "CN"))
    assert (first.name, first.records[0].id, first.owner) == ("北京澜信科技有限公司", "99", "Ann")


@pytest.mark.parametrize("language", LEADS)
def test_a_lead_has_its_customer_and_its_numbers(language, tmp_path):
    rows = [f"L{n},Firm {n} GmbH,Ann,2024-01-0{n % 9 + 1},Open,false,{13920000000 + n}," for n in range(1, 13)]
    leads = [LEADS[language], *rows, f"L99,苏州瑞珂机械有限公司,Ann,2024-01-02,Open,false,13862010987,{CODE}"]
    store = brought(tmp_path, {"deals.csv": deals("en"), "leads.csv": leads})
    values = reading.record(store, SYSTEM, "lead", "L99")["values"]
    assert (values["customer"], values["phone"], values["tax_number"]) == ("苏州瑞珂机械有限公司", "13862010987", CODE)
    assert reading.record(store, SYSTEM, "lead", "L99")["title"]["zh"] == "苏州瑞珂机械有限公司"


def test_customers_of_our_own_layout_bring_their_names_and_numbers(tmp_path):
    from coach.mapping.loader import load_mapping

    head = "id,unit,acted_at,recorded_at,name,tax_number,phone"
    (tmp_path / "customers.csv").write_text(
        f"{head}\nC-1,rep-1,2024-01-02T09:00:00+08:00,,北京澜信科技有限公司,{CODE},{PHONE}\n", encoding="utf-8"
    )
    store = Store.open(tmp_path / "store.db")
    import_folder(tmp_path, load_mapping("rehearse"), store, now=NOW)
    (found,) = search(store, Register(), SYSTEM, sought(CODE, "CN"))
    assert (found.name, found.owner) == ("北京澜信科技有限公司", "rep-1")
