"""Exports of ten CRMs as these systems write them, each with deals whose truth is known.

Headings and shapes: Salesforce (objects of the Data Loader, and a report), HubSpot (deals view), Pipedrive (list view), Odoo
(crm.lead, columns by label), Zoho (Deals module), Dynamics 365 (static worksheet), Frappe CRM, EspoCRM, and the Chinese
纷享销客 and 销售易 with the labels of their standard objects. Deals are made up; nothing in them comes from a real firm.
"""

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple


class Truth(NamedTuple):
    """A deal: `state` is open, won or lost; `closed` is None while it is open."""

    id: str
    title: str
    customer: str
    owner: str
    amount: float
    created: datetime
    expected: datetime
    state: str
    closed: datetime | None
    step: int  # stage while open, from 0


NAMES = {
    "en": (("Ada Quill", "Ben Marsh", "Cleo Ortiz", "Dan Weir"), "Firm", "Project"),
    "zh": (("陈明", "李倩", "王磊", "赵蕾"), "公司", "项目"),
    "de": (("Jörg Müller", "Käthe Weiß", "Max Böhm", "Uta Groß"), "Firma", "Vorhaben"),
    "pt": (("João Conceição", "Inês Araújo", "Rui Simões", "Lúcia Pão"), "Empresa", "Projeto"),
    "es": (("Íñigo Muñoz", "Lucía Peña", "Raúl Gómez", "Sofía Ibáñez"), "Compañía", "Proyecto"),
    "ru": (("Анна Лебедева", "Борис Сомов", "Вера Орлова", "Глеб Дроздов"), "Фирма", "Проект"),
}


def deals(seed: int, language: str, count: int = 60) -> list[Truth]:
    """Deals of a firm: a third open, the rest won or lost, over two years up to June 2025."""
    draw = random.Random(seed)
    people, firm, project = NAMES[language]
    found = []
    for number in range(count):
        created = datetime(2023, 6, 1) + timedelta(days=draw.randrange(700), minutes=draw.randrange(480, 1080))
        state = draw.choice(("open", "won", "lost"))
        closed = min(created + timedelta(days=draw.randrange(1, 90), minutes=draw.randrange(300)), datetime(2025, 6, 20))
        found.append(
            Truth(
                str(5_000 + number),
                f"{project} {number}",
                f"{firm} {draw.randrange(30)}",
                draw.choice(people),
                round(draw.uniform(500, 90_000), draw.choice((0, 2))),
                created.replace(second=0),
                created + timedelta(days=draw.randrange(20, 200)),
                state,
                None if state == "open" else closed,
                draw.randrange(3),
            )
        )
    return found


Row = Callable[[Truth], dict[str, str]]


def _day(moment: datetime | None, written: str = "%Y-%m-%d") -> str:
    return "" if moment is None else moment.strftime(written)


def _german(amount: float) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _salesforce(deal: Truth) -> dict[str, str]:
    stage = {"won": "Closed Won", "lost": "Closed Lost"}.get(deal.state) or (
        "Prospecting",
        "Proposal/Price Quote",
        "Negotiation/Review",
    )[deal.step]
    return {
        "Id": f"0065g00000{deal.id}AAA",
        "IsDeleted": "false",
        "AccountId": deal.customer,
        "Name": deal.title,
        "StageName": stage,
        "Amount": f"{deal.amount:.2f}",
        "Probability": {"won": "100.0", "lost": "0.0"}.get(deal.state) or f"{10 + 30 * deal.step}.0",
        "CloseDate": _day(deal.closed or deal.expected),
        "IsClosed": str(deal.state != "open").lower(),
        "IsWon": str(deal.state == "won").lower(),
        "OwnerId": deal.owner,
        "CreatedDate": _day(deal.created, "%Y-%m-%dT%H:%M:%S.000Z"),
        "LastModifiedDate": "2025-06-20T08:00:00.000Z",
    }


def _salesforce_report(deal: Truth) -> dict[str, str]:
    stage = {"won": "Closed Won", "lost": "Closed Lost"}.get(deal.state) or (
        "Qualification",
        "Value Proposition",
        "Negotiation",
    )[deal.step]
    return {
        "Opportunity ID": f"0065g00000{deal.id}",
        "Opportunity Owner": deal.owner,
        "Account Name": deal.customer,
        "Opportunity Name": deal.title,
        "Stage": stage,
        "Fiscal Period": "Q1-2024",
        "Amount": f"USD {deal.amount:,.2f}",
        "Probability (%)": "50%",
        "Age": "12",
        "Close Date": _day(deal.closed or deal.expected, "%m/%d/%Y"),
        "Created Date": _day(deal.created, "%m/%d/%Y"),
        "Lead Source": "Web",
    }


def _hubspot(deal: Truth) -> dict[str, str]:
    stage = {"won": "Closed won", "lost": "Closed lost"}.get(deal.state) or (
        "Appointment scheduled",
        "Qualified to buy",
        "Contract sent",
    )[deal.step]
    return {
        "Record ID": f"98765{deal.id}",
        "Deal Name": deal.title,
        "Deal Stage": stage,
        "Close Date": _day(deal.closed or deal.expected, "%Y-%m-%d %H:%M"),
        "Deal owner": deal.owner,
        "Amount": f"{deal.amount:.2f}",
        "Create Date": _day(deal.created, "%Y-%m-%d %H:%M"),
        "Pipeline": "Sales Pipeline",
        "Last Activity Date": _day(deal.created, "%Y-%m-%d %H:%M"),
        "Associated Company": deal.customer,
    }


def _pipedrive(deal: Truth) -> dict[str, str]:
    return {
        "Deal - ID": deal.id,
        "Deal - Title": deal.title,
        "Deal - Creator": "Ada Quill",
        "Deal - Owner": deal.owner,
        "Deal - Value": f"{deal.amount:.2f}",
        "Deal - Currency of Value": "EUR",
        "Deal - Organization": deal.customer,
        "Deal - Pipeline": "Pipeline",
        "Deal - Stage": ("Qualified", "Contact Made", "Demo Scheduled")[deal.step],
        "Deal - Status": deal.state.capitalize(),
        "Deal - Deal created": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Deal - Update time": "2025-06-20 08:00:00",
        "Deal - Won time": _day(deal.closed, "%Y-%m-%d %H:%M:%S") if deal.state == "won" else "",
        "Deal - Lost time": _day(deal.closed, "%Y-%m-%d %H:%M:%S") if deal.state == "lost" else "",
        "Deal - Deal closed on": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "Deal - Expected close date": _day(deal.expected),
        "Deal - Lost reason": "price" if deal.state == "lost" else "",
        "Deal - Total activities": "4",
    }


def _odoo(deal: Truth) -> dict[str, str]:
    stage = "Won" if deal.state == "won" else ("New", "Qualified", "Proposition")[deal.step]
    return {
        "External ID": f"__export__.crm_lead_{deal.id}",
        "Opportunity": deal.title,
        "Customer": deal.customer,
        "Salesperson": deal.owner,
        "Expected Revenue": f"{deal.amount:.2f}",
        "Stage": stage,
        "Active": str(deal.state != "lost"),
        "Probability": "100.0" if deal.state == "won" else "20.0",
        "Created on": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Closed Date": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "Expected Closing": _day(deal.expected),
        "Lost Reason": "Too expensive" if deal.state == "lost" else "",
    }


def _zoho(deal: Truth) -> dict[str, str]:
    stage = {"won": "Closed Won", "lost": "Closed Lost"}.get(deal.state) or (
        "Qualification",
        "Needs Analysis",
        "Proposal/Price Quote",
    )[deal.step]
    return {
        "Record Id": f"zcrm_48000000{deal.id}",
        "Deal Owner": deal.owner,
        "Amount": f"{deal.amount:.2f}",
        "Deal Name": deal.title,
        "Closing Date": _day(deal.closed or deal.expected),
        "Account Name": deal.customer,
        "Stage": stage,
        "Type": "New Business",
        "Created Time": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Modified Time": "2025-06-20 08:00:00",
        "Lead Source": "Cold Call",
    }


def _dynamics(deal: Truth) -> dict[str, str]:
    return {
        "(Do Not Modify) Opportunity": f"7f1e-{deal.id}",
        "(Do Not Modify) Row Checksum": f"abc{deal.id}=",
        "(Do Not Modify) Modified On": "20.06.2025 08:00",
        "Topic": deal.title,
        "Potential Customer": deal.customer,
        "Est. Close Date": _day(deal.expected, "%d.%m.%Y"),
        "Est. Revenue": _german(deal.amount),
        "Status": deal.state.capitalize(),
        "Status Reason": {"open": "In Progress", "won": "Won", "lost": "Out-Sold"}[deal.state],
        "Owner": deal.owner,
        "Created On": _day(deal.created, "%d.%m.%Y %H:%M"),
        "Actual Close Date": _day(deal.closed, "%d.%m.%Y"),
    }


def _fxiaoke(deal: Truth) -> dict[str, str]:
    stage = {"won": "赢单", "lost": "输单"}.get(deal.state) or ("验证客户", "需求确定", "方案报价")[deal.step]
    return {
        "商机名称": deal.title,
        "商机编号": f"OPP{deal.id}",
        "客户名称": deal.customer,
        "负责人": deal.owner,
        "商机金额(元)": f"{deal.amount:.2f}",
        "商机阶段": stage,
        "阶段状态": {"open": "进行中", "won": "赢单", "lost": "输单"}[deal.state],
        "预计成交日期": _day(deal.expected),
        "实际成交日期": _day(deal.closed),
        "创建时间": _day(deal.created, "%Y-%m-%d %H:%M"),
        "创建人": "陈明",
        "来源": "线上",
    }


def _neocrm(deal: Truth) -> dict[str, str]:
    stage = {"won": "赢单", "lost": "输单"}.get(deal.state) or ("初步接洽", "需求确定", "方案报价")[deal.step]
    return {
        "销售机会名称": deal.title,
        "唯一性ID": f"33{deal.id}",
        "客户名称": deal.customer,
        "销售机会所有人": deal.owner,
        "销售金额": f"{deal.amount:,.2f}",
        "销售阶段": stage,
        "结单日期": _day(deal.closed or deal.expected, "%Y/%m/%d"),
        "创建日期": _day(deal.created, "%Y/%m/%d %H:%M"),
        "输单原因": "价格" if deal.state == "lost" else "",
        "机会来源": "转介绍",
    }


def _frappe(deal: Truth) -> dict[str, str]:
    status = {"won": "Won", "lost": "Lost"}.get(deal.state) or ("Qualification", "Demo/Making", "Negotiation")[deal.step]
    return {
        "ID": f"CRM-DEAL-2024-{deal.id}",
        "Organization": deal.customer,
        "Deal Owner": deal.owner,
        "Status": status,
        "Deal Value": f"{deal.amount:.2f}",
        "Probability": "50",
        "Currency": "INR",
        "Created On": _day(deal.created, "%d-%m-%Y %H:%M:%S"),
        "Closed Date": _day(deal.closed, "%d-%m-%Y"),
        "Expected Closure Date": _day(deal.expected, "%d-%m-%Y"),
        "Lost Reason": "Pricing" if deal.state == "lost" else "",
    }


def _espo(deal: Truth) -> dict[str, str]:
    stage = {"won": "Closed Won", "lost": "Closed Lost"}.get(deal.state) or ("Prospecting", "Qualification", "Proposal")[
        deal.step
    ]
    return {
        "ID": f"64ab{deal.id}",
        "Name": deal.title,
        "Account": deal.customer,
        "Stage": stage,
        "Amount": f"{deal.amount:.2f}",
        "Amount Currency": "USD",
        "Close Date": _day(deal.closed or deal.expected, "%d/%m/%Y"),
        "Assigned User": deal.owner,
        "Created At": _day(deal.created, "%d/%m/%Y %H:%M"),
        "Lead Source": "Call",
        "Probability": "20",
    }


def _german_crm(deal: Truth) -> dict[str, str]:
    return {
        "Nummer": deal.id,
        "Verkaufschance": deal.title,
        "Kunde": deal.customer,
        "Zuständig": deal.owner,
        "Auftragswert": f"{_german(deal.amount)} €",
        "Phase": {"won": "Gewonnen", "lost": "Verloren"}.get(deal.state)
        or ("Erstkontakt", "Angebot", "Verhandlung")[deal.step],
        "Erstellt am": _day(deal.created, "%d.%m.%Y"),
        "Geschlossen am": _day(deal.closed, "%d.%m.%Y"),
    }


def _portuguese(deal: Truth) -> dict[str, str]:
    return {
        "Código": deal.id,
        "Negócio": deal.title,
        "Empresa": deal.customer,
        "Responsável": deal.owner,
        "Valor": f"R$ {_german(deal.amount)}",
        "Situação": {"open": "Em andamento", "won": "Ganho", "lost": "Perdido"}[deal.state],
        "Criado em": _day(deal.created, "%d/%m/%Y %H:%M"),
        "Data de fechamento": _day(deal.closed, "%d/%m/%Y"),
    }


def _spanish(deal: Truth) -> dict[str, str]:
    return {
        "Número": deal.id,
        "Oportunidad": deal.title,
        "Cliente": deal.customer,
        "Propietario": deal.owner,
        "Importe": _german(deal.amount),
        "Etapa": {"won": "Cerrada ganada", "lost": "Cerrada perdida"}.get(deal.state)
        or ("Contacto", "Propuesta", "Negociación")[deal.step],
        "Fecha de creación": _day(deal.created, "%d/%m/%Y"),
        "Fecha de cierre": _day(deal.closed, "%d/%m/%Y"),
    }


def _russian(deal: Truth) -> dict[str, str]:
    return {
        "ID": deal.id,
        "Название сделки": deal.title,
        "Компания": deal.customer,
        "Ответственный": deal.owner,
        "Сумма": f"{deal.amount:.2f}".replace(".", ","),
        "Этап сделки": {"won": "Успешно реализовано", "lost": "Закрыто и не реализовано"}.get(deal.state)
        or ("Первичный контакт", "Переговоры", "Принимают решение")[deal.step],
        "Дата создания": _day(deal.created, "%d.%m.%Y %H:%M:%S"),
        "Дата закрытия": _day(deal.closed, "%d.%m.%Y %H:%M:%S"),
    }


class System(NamedTuple):
    """A system's export: its rows, the name of its file, language of names, separator, encoding, and rows above the header."""

    row: Row
    file: str
    language: str = "en"
    separator: str = ","
    encoding: str = "utf-8"
    title_rows: int = 0


SYSTEMS = {
    "salesforce": System(_salesforce, "Opportunity.csv"),
    "salesforce report": System(_salesforce_report, "report1718870000000.csv", encoding="cp1252"),
    "hubspot": System(_hubspot, "hubspot-crm-exports-all-deals-2025-06-20.csv"),
    "pipedrive": System(_pipedrive, "deals-12345-7.xlsx"),
    "odoo": System(_odoo, "Lead (crm.lead).xlsx"),
    "zoho": System(_zoho, "Deals_2025_06_20.csv"),
    "dynamics": System(_dynamics, "My Open Opportunities.xlsx", "de"),
    "fxiaoke": System(_fxiaoke, "商机.xlsx", "zh"),
    "neocrm": System(_neocrm, "销售机会.csv", "zh", encoding="gb18030"),
    "frappe": System(_frappe, "CRM Deal.csv"),
    "espo": System(_espo, "Opportunities.csv", separator=";"),
    "german": System(_german_crm, "Verkaufschancen.csv", "de", ";", "cp1252"),
    "portuguese": System(_portuguese, "negocios.csv", "pt", ";", "utf-8-sig"),
    "spanish": System(_spanish, "oportunidades.csv", "es", ";", "cp1252", 3),
    "russian": System(_russian, "amocrm_export_leads.tsv", "ru", "\t", "utf-16"),
}


def write(folder: Path, system: System, rows: list[Truth]) -> Path:
    """The export of a system as its file in a folder."""
    told = [system.row(deal) for deal in rows]
    lines = [[f"Export {number}"] for number in range(system.title_rows)] + [
        list(told[0]),
        *(list(each.values()) for each in told),
    ]
    path = folder / system.file
    if path.suffix == ".xlsx":
        _workbook(path, lines)
        return path
    stream = io.StringIO()
    csv.writer(stream, delimiter=system.separator).writerows(lines)
    path.write_bytes(stream.getvalue().encode(system.encoding))
    return path


def _workbook(path: Path, lines: list[list[str]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
