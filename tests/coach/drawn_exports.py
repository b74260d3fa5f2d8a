"""Exports as firms write them, drawn at random: language, separator, encoding, order of dates, form of numbers, titles above,
blank owners, reopened deals, a history of stages beside; with the truth of every deal."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st
from openpyxl import Workbook

from tests.coach.crm_exports import Truth, deals

HEADS = {
    "en": ("Deal ID", "Deal Name", "Account", "Owner", "Amount", "Created", "Closed", "Stage"),
    "zh": ("商机编号", "商机名称", "客户名称", "负责人", "金额", "创建时间", "结束日期", "阶段"),
    "de": ("ID", "Verkaufschance", "Kunde", "Zuständig", "Betrag", "Erstellt am", "Abgeschlossen am", "Phase"),
    "pt": ("ID", "Negócio", "Empresa", "Responsável", "Valor", "Criado em", "Fechado em", "Etapa"),
    "es": ("ID", "Oportunidad", "Cliente", "Responsable", "Importe", "Creado el", "Fecha de cierre", "Etapa"),
    "ru": ("ID", "Сделка", "Клиент", "Ответственный", "Сумма", "Дата создания", "Дата закрытия", "Этап"),
}
STAGES = {
    "en": (("Contact made", "Proposal", "Negotiation"), "Closed Won", "Closed Lost"),
    "zh": (("初步接洽", "方案报价", "商务谈判"), "赢单", "输单"),
    "de": (("Kontakt", "Angebot", "Verhandlung"), "Gewonnen", "Verloren"),
    "pt": (("Contato", "Proposta", "Negociação"), "Ganho", "Perdido"),
    "es": (("Contacto", "Propuesta", "Negociación"), "Ganada", "Perdida"),
    "ru": (("Контакт", "Предложение", "Переговоры"), "Успешно реализовано", "Закрыто и не реализовано"),
}
ENCODINGS = {"en": "cp1252", "zh": "gb18030", "de": "cp1252", "pt": "cp1252", "es": "cp1252", "ru": "cp1251"}
DATES = {
    "en": ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d %b %Y", "%b %d, %Y"), "zh": ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"),
    "de": ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"), "pt": ("%d/%m/%Y", "%Y-%m-%d"), "es": ("%d/%m/%Y", "%d-%m-%Y"),
    "ru": ("%d.%m.%Y", "%Y-%m-%d"),
}  # fmt: skip
TIMES = ("", " %H:%M", " %H:%M:%S")
NUMBERS = {
    "plain": lambda amount: f"{amount:.2f}", "comma": lambda amount: f"{amount:,.2f}",
    "point": lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
    "space": lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", "\u00a0,")),
    "euro": lambda amount: "€ " + f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
    "code": lambda amount: f"{amount:.2f} USD",
}  # fmt: skip
TITLES = ([], [["Report"], []], [["Pipeline 2025"], ["As of 2025-06-20"], []])


class Export(NamedTuple):
    """What was drawn. `blanks`, `reopened`: of so many deals one has no owner, or is open with a day of closing (0: none)."""

    language: str
    truth: list[Truth]
    separator: str
    encoding: str
    date: str
    number: str
    title: list[list[str]]
    blanks: int
    reopened: int
    history: bool
    workbook: bool

    def told(self) -> list[Truth]:
        """The truth with the owners that the rows have."""
        return [
            deal._replace(owner="") if self.blanks and place % self.blanks == 1 else deal
            for place, deal in enumerate(self.truth)
        ]

    def write(self, folder: Path) -> None:
        """The file or files."""
        rows = [*self.title, list(HEADS[self.language]), *(self._row(place, deal) for place, deal in enumerate(self.told()))]
        if self.workbook:
            book = Workbook()
            for row in rows:
                book.active.append(row)
            book.save(folder / "deals.xlsx")
        else:
            self._csv(folder / "deals.csv", rows)
        if self.history:
            self._csv(folder / "stage history.csv", [["Deal ID", "Stage", "Changed at"], *self._steps()])

    def _row(self, place: int, deal: Truth) -> list:
        moment = self.date if "%H" in self.date else self.date.split(" %H")[0]
        opened, won, lost = STAGES[self.language]
        stage = {"won": won, "lost": lost}.get(deal.state, opened[deal.step])
        kept = deal.created if deal.state == "open" and self.reopened and place % self.reopened == 0 else None
        closed = deal.closed or kept
        return [
            f"D-{deal.id}", deal.title, deal.customer, deal.owner, NUMBERS[self.number](deal.amount),
            deal.created.strftime(moment), "" if closed is None else closed.strftime(moment.split(" %H")[0]), stage,
        ]  # fmt: skip

    def _steps(self) -> Iterator[list[str]]:
        opened, _, _ = STAGES[self.language]
        for deal in self.truth:
            yield from ([f"D-{deal.id}", stage, f"{deal.created:%Y-%m-%d %H:%M}"] for stage in opened[: deal.step + 1])

    def _csv(self, place: Path, rows: list[list]) -> None:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=self.separator).writerows(rows)
        place.write_text(stream.getvalue(), encoding=self.encoding)


@st.composite
def exports(draw) -> Export:
    """An export of 20 to 60 deals."""
    language = draw(st.sampled_from(sorted(HEADS)))
    return Export(
        language=language,
        truth=deals(draw(st.integers(0, 10_000)), language, draw(st.integers(20, 60))),
        separator=draw(st.sampled_from(",;\t|")),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", ENCODINGS[language]])),
        date=draw(st.sampled_from(DATES[language])) + draw(st.sampled_from(TIMES)),
        number=draw(st.sampled_from(sorted(set(NUMBERS) - ({"euro"} if language in ("zh", "ru") else set())))),
        title=draw(st.sampled_from(TITLES)),
        blanks=draw(st.sampled_from([0, 0, 7])),
        reopened=draw(st.sampled_from([0, 0, 5])),
        history=draw(st.booleans()),
        workbook=draw(st.sampled_from([False, False, True])),
    )
