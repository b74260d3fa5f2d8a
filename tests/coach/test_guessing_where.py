"""In which zone clock times are and in which currency amounts: told by the files, or asked where it would change a result."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.guessing.guess import guess
from coach.guessing.sources import tables
from coach.mapping.currencies import CODES, stated_in, without_currency
from tests.coach.test_guessing import brought, told, written_csv

HEADS = {
    "en": "ID,Owner,Created,Amount,Stage,Note",
    "zh": "编号,负责人,创建时间,金额,阶段,备注",
    "de": "ID,Besitzer,Erstellt am,Betrag,Phase,Notiz",
    "pt": "ID,Responsável,Criado em,Valor,Etapa,Nota",
    "es": "ID,Responsable,Fecha de creación,Importe,Etapa,Nota",
    "ru": "ИД,Ответственный,Дата создания,Сумма,Этап,Заметка",
}


def export(folder, language="en", at="2024-01-{:02d} 10:30", amount="{}00", note="", heading=None) -> None:
    head = HEADS[language] if heading is None else HEADS[language].replace("Amount", heading)
    stages = ("Open", "Won", "Lost")
    rows = [f'{n},Ann,{at.format(n)},"{amount.format(n)}",{stages[n % 3]},{note}' for n in range(1, 28)]
    written_csv(folder, head, *rows)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ({"language": "zh"}, "Asia/Shanghai"), ({"language": "de"}, "Europe/Berlin"), ({"language": "pt"}, "America/Sao_Paulo"),
        ({"language": "es"}, "Europe/Madrid"), ({"language": "ru"}, "Europe/Moscow"),
        ({"note": "跟进中"}, "Asia/Shanghai"), ({"note": "срочно"}, "Europe/Moscow"), ({"note": "よろしく"}, "Asia/Tokyo"),
        ({"language": "es", "amount": "{}00 MXN"}, "America/Mexico_City"),
        ({"language": "de", "amount": "CHF {}00"}, "Europe/Zurich"),
        ({"language": "pt", "amount": "€ {}00"}, "Europe/Lisbon"),
        ({"language": "zh", "amount": "HK$ {}00"}, "Asia/Hong_Kong"),
        ({"language": "zh", "amount": "US$ {}00"}, "Asia/Shanghai"),
        ({"language": "de", "amount": "USD {}00"}, "Europe/Berlin"),
        ({"amount": "£{}00"}, "Europe/London"), ({"amount": "R$ {}00"}, "America/Sao_Paulo"),
        ({"amount": "₹{}00"}, "Asia/Kolkata"),
        ({"heading": "Amount (EUR)"}, "Europe/Berlin"), ({"heading": "Amount (SGD)"}, "Asia/Singapore"),
    ],
)  # fmt: skip
def test_the_zone_is_that_of_the_language_and_the_currency(written, zone, tmp_path):
    export(tmp_path, **written)
    found = guess(tables(tmp_path))
    assert (found.mapping.time_zone, [each.key for each in found.open]) == (zone, [])


@pytest.mark.parametrize("amount", ["{}00", "${}00", "USD {}00", "AUD {}00"])
def test_where_nothing_tells_the_zone_of_clock_times_it_is_asked(amount, tmp_path):
    export(tmp_path, amount=amount)
    (question,) = guess(tables(tmp_path)).open
    assert question.key == "zone"
    found, reading = brought(tmp_path, {"zone": "America/Chicago"})
    assert (found.mapping.time_zone, found.open) == ("America/Chicago", [])
    assert min(each.acted_at for each in reading.events) == 1_704_126_600_000  # 1 January 2024, 16:30 UTC


@pytest.mark.parametrize(
    "at", ["2024-01-{:02d}", "2024-01-{:02d} 00:00:00", "2024-01-{:02d}T10:30:00Z", "2024-01-{:02d}T10:30:00+02:00"]
)
def test_days_and_instants_with_an_offset_are_the_same_in_any_zone_and_raise_no_question(at, tmp_path):
    export(tmp_path, at=at)
    assert guess(tables(tmp_path)).open == []


@pytest.mark.parametrize(
    ("country", "zone"), [("Germany", "Europe/Berlin"), ("FR", "Europe/Paris"), ("Brazil", "America/Sao_Paulo")]
)
def test_a_country_that_nearly_all_rows_name_tells_the_zone(country, zone, tmp_path):
    rows = [f"{n},Ann,2024-01-{n:02d} 10:30,{n}00,Won,{country}" for n in range(1, 28)]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Stage,Country", *rows)
    assert guess(tables(tmp_path)).mapping.time_zone == zone


def test_what_a_loader_of_a_warehouse_wrote_is_in_utc(tmp_path):
    rows = [f"{n},Ann,2024-01-{n:02d} 10:30:00,{n}00,Won,2024-06-01 00:10:00" for n in range(1, 28)]
    written_csv(tmp_path, "id,owner_id,created_date,amount,stage_name,_fivetran_synced", *rows)
    found = guess(tables(tmp_path))
    assert (found.mapping.time_zone, found.open) == ("UTC", [])


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("€ 1.234,50", "1234.5 EUR"), ("¥1,200", "1200 CNY"), ("1.2万", 12000.0), ("1.2万元", "12000 CNY"),
        ("300美元", "300 USD"),
        ("1 200 руб.", "1200 RUB"),
        ("人民币 500元", "500 CNY"),
        ("R$ 3.000,00", "3000 BRL"), ("12 000 zł", "12000 PLN"),
    ],
)  # fmt: skip
def test_amounts_are_read_with_their_currencies_and_units(amount, read, tmp_path):
    export(tmp_path, "zh", amount=amount)
    _, reading = brought(tmp_path)
    assert told(reading, "UTC")["3"]["amount"] == read


def test_amounts_in_several_currencies_stay_apart_and_the_firms_own_is_asked(tmp_path):
    codes = ("USD", "EUR", "GBP")
    rows = [f"{n},Ann,2024-01-{n:02d},{n}00,{codes[n % 3]},Won" for n in range(1, 28)]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Currency,Stage", *rows)
    (question,) = guess(tables(tmp_path)).open
    assert (question.key, {each.value for each in question.choices}) == ("currency", set(codes))
    found, reading = brought(tmp_path, {"currency": "GBP"})
    assert (found.open, found.mapping.currency, found.mapping.time_zone) == ([], "GBP", "Europe/London")
    amounts = [each.payload["amount"] for each in reading.events if "amount" in each.payload]
    assert Counter(str(each).split()[-1] for each in amounts) == {"USD": 9, "EUR": 9, "GBP": 9}


def test_a_few_amounts_in_another_currency_raise_no_question(tmp_path):
    rows = [f"{n},Ann,2024-01-{n:02d},{n}00,{'USD' if n == 5 else 'EUR'},Won" for n in range(1, 28)]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Currency,Stage", *rows)
    found = guess(tables(tmp_path))
    assert (found.mapping.currency, found.open) == ("EUR", [])


@given(
    code=st.sampled_from(sorted(CODES)),
    form=st.sampled_from(["Amount ({})", "Amount {}", "{} value", "amount_{}", "金额（{}）"]),
)
def test_a_code_in_a_heading_is_its_currency_and_no_word_of_it(code, form):
    for written in (code, code.lower()):
        heading = form.format(written)
        assert stated_in(heading) == (code,)
        assert stated_in(without_currency(heading)) == ()
