"""The ten CRMs a third time: interfaces in Spanish, Portuguese, Russian, Chinese and German, names of fields in capitals, and
instants that are counted in milliseconds."""

from tests.coach.crm_exports import System, Truth, _day, _german
from tests.coach.crm_exports_again import _stage


def _milliseconds(moment) -> str:
    return "" if moment is None else f"{moment.timestamp() * 1000:.0f}"


def _salesforce_Spanish_report(deal: Truth) -> dict[str, str]:
    return {
        "Propietario de oportunidad": deal.owner,
        "Nombre de la cuenta": deal.customer,
        "Nombre de la oportunidad": deal.title,
        "Etapa": _stage(deal, "Cerrada ganada", "Cerrada perdida", "Prospección", "Propuesta", "Negociación"),
        "Periodo fiscal": "Q1",
        "Importe": _german(deal.amount),
        "Probabilidad (%)": "20%",
        "Antigüedad": "4",
        "Fecha de cierre": _day(deal.closed or deal.expected, "%d/%m/%Y"),
        "Fecha de creación": _day(deal.created, "%d/%m/%Y"),
        "Siguiente paso": "",
        "Origen del candidato": "Web",
        "Tipo": "Nuevo",
    }


def _salesforce_Chinese_report(deal: Truth) -> dict[str, str]:
    return {
        "业务机会 ID": "006" + deal.id,
        "业务机会名称": deal.title,
        "客户名": deal.customer,
        "业务机会所有人": deal.owner,
        "金额": f"{deal.amount}",
        "阶段": _stage(deal, "已结束且赢得客户", "已结束但客户流失", "资格评估", "方案", "谈判"),
        "可能性 (%)": {"won": "100", "lost": "0"}.get(deal.state) or "30",
        "结束日期": _day(deal.closed or deal.expected, "%Y/%m/%d"),
        "创建日期": _day(deal.created, "%Y/%m/%d"),
    }


def _hubspot_all_properties(deal: Truth) -> dict[str, str]:
    return {
        "Record ID": deal.id,
        "Deal Name": deal.title,
        "Deal Stage": _stage(
            deal,
            "Closed won (Sales Pipeline)",
            "Closed lost (Sales Pipeline)",
            "Demo (Sales Pipeline)",
            "Quote (Sales Pipeline)",
            "Verbal (Sales Pipeline)",
        ),
        "Is Closed Won": "true" if deal.state == "won" else "",
        "Is Deal Closed?": "true" if deal.state != "open" else "false",
        "Amount in company currency": f"{deal.amount}",
        "Amount": f"{deal.amount}",
        "Close Date": _day(deal.closed or deal.expected, "%Y-%m-%d %H:%M"),
        "Create Date": _day(deal.created, "%Y-%m-%d %H:%M"),
        "Deal owner": deal.owner,
        "Original Traffic Source": "Direct",
        "Deal Type": "",
        "Contract Term": "12",
        "Weighted amount": f"{deal.amount / 2}",
        "Days to close": "20",
        "HubSpot Team": "East",
        "Created by user ID": "123",
    }


def _pipedrive_Portuguese(deal: Truth) -> dict[str, str]:
    return {
        "Negócio - ID": deal.id,
        "Negócio - Título": deal.title,
        "Negócio - Proprietário": deal.owner,
        "Negócio - Valor": f"{deal.amount}",
        "Negócio - Moeda": "BRL",
        "Negócio - Organização": deal.customer,
        "Negócio - Funil": "Funil",
        "Negócio - Etapa": "Qualificado",
        "Negócio - Status": {"open": "Aberto", "won": "Ganho", "lost": "Perdido"}[deal.state],
        "Negócio - Negócio criado em": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Negócio - Data de ganho": _day(deal.closed) if deal.state == "won" else "",
        "Negócio - Data de perda": _day(deal.closed) if deal.state == "lost" else "",
        "Negócio - Negócio fechado em": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "Negócio - Data de fechamento esperada": _day(deal.expected),
        "Negócio - Motivo da perda": "",
    }


def _pipedrive_Russian(deal: Truth) -> dict[str, str]:
    return {
        "Сделка - ID": deal.id,
        "Сделка - Название": deal.title,
        "Сделка - Владелец": deal.owner,
        "Сделка - Сумма": f"{deal.amount:.2f}".replace(".", ","),
        "Сделка - Валюта": "RUB",
        "Сделка - Этап": "Контакт",
        "Сделка - Статус": {"open": "Открыта", "won": "Выиграна", "lost": "Проиграна"}[deal.state],
        "Сделка - Сделка создана": _day(deal.created, "%d.%m.%Y %H:%M"),
        "Сделка - Сделка закрыта": _day(deal.closed, "%d.%m.%Y %H:%M"),
        "Сделка - Ожидаемая дата закрытия": _day(deal.expected, "%d.%m.%Y"),
    }


def _odoo_Chinese(deal: Truth) -> dict[str, str]:
    return {
        "外部ID": f"__export__.crm_{deal.id}",
        "商机": deal.title,
        "客户": deal.customer,
        "销售员": deal.owner,
        "预期收入": f"{deal.amount}",
        "阶段": "赢得" if deal.state == "won" else ("新", "合格", "提案")[deal.step],
        "有效": "TRUE" if deal.state != "lost" else "FALSE",
        "创建日期": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "关闭日期": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "预期截止日期": _day(deal.expected),
        "概率": {"won": "100", "lost": "0"}.get(deal.state) or "10",
    }


def _odoo_state_of_winning(deal: Truth) -> dict[str, str]:
    return {
        "ID": deal.id,
        "Opportunity": deal.title,
        "Customer/Name": deal.customer,
        "Salesperson/Name": deal.owner,
        "Expected Revenue": f"{deal.amount}",
        "Stage": "Won" if deal.state == "won" else "Qualified",
        "Is Won": _stage(deal, "Won", "Lost", "Pending", "Pending", "Pending"),
        "Created on": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Closed Date": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "Active": "True" if deal.state != "lost" else "False",
    }


def _zoho_Spanish(deal: Truth) -> dict[str, str]:
    return {
        "ID de registro": "zcrm_" + deal.id,
        "Propietario del trato": deal.owner,
        "Importe": f"{deal.amount}",
        "Nombre del trato": deal.title,
        "Fecha de cierre": _day(deal.closed or deal.expected, "%d/%m/%Y"),
        "Nombre de cuenta": deal.customer,
        "Fase": _stage(deal, "Cerrado ganado", "Cerrado perdido", "Calificación", "Propuesta", "Negociación"),
        "Hora de creación": _day(deal.created, "%d/%m/%Y %H:%M"),
        "Hora de modificación": "20/06/2025 10:00",
        "Fuente de Posible cliente": "Web",
        "Ingresos esperados": f"{deal.amount / 3:.2f}",
    }


def _zoho_American(deal: Truth) -> dict[str, str]:
    return {
        "Record Id": "zcrm_" + deal.id,
        "Deal Owner": deal.owner,
        "Deal Owner.id": "zcrm_77",
        "Amount": f"{deal.amount}",
        "Deal Name": deal.title,
        "Closing Date": _day(deal.closed or deal.expected, "%m/%d/%Y"),
        "Account Name": deal.customer,
        "Account Name.id": "zcrm_1",
        "Stage": _stage(deal, "Closed Won", "Closed-Lost to Competition", "Qualification", "Proposal", "Negotiation"),
        "Created Time": deal.created.strftime("%m/%d/%Y %I:%M %p"),
        "Modified Time": "06/20/2025 10:00 AM",
        "Created By": "Ada Quill",
        "Expected Revenue": f"{deal.amount / 3:.2f}",
        "Reason For Loss": "Price" if deal.state == "lost" else "",
        "Overall Sales Duration": "4",
        "Pipeline": "Standard",
    }


def _dynamics_Chinese(deal: Truth) -> dict[str, str]:
    return {
        "(请勿修改) 商机": "guid-" + deal.id,
        "(请勿修改) 行校验和": "x" + deal.id,
        "(请勿修改) 修改时间": "2025/6/20 8:00",
        "主题": deal.title,
        "潜在客户": deal.customer,
        "预计成交日期": _day(deal.expected, "%Y/%m/%d"),
        "预计收入": f"¥{deal.amount:,.2f}",
        "状态": {"open": "开启", "won": "赢单", "lost": "丢单"}[deal.state],
        "状态描述": "x",
        "负责人": deal.owner,
        "创建时间": _day(deal.created, "%Y/%m/%d %H:%M"),
        "实际结束日期": _day(deal.closed, "%Y/%m/%d"),
        "实际收入": f"¥{deal.amount:,.2f}" if deal.state == "won" else "",
    }


def _dynamics_Portuguese(deal: Truth) -> dict[str, str]:
    return {
        "(Não Modificar) Oportunidade": "g-" + deal.id,
        "(Não Modificar) Soma de Verificação da Linha": "x" + deal.id,
        "(Não Modificar) Modificado em": "20/06/2025 08:00",
        "Tópico": deal.title,
        "Cliente Potencial": deal.customer,
        "Data de Fech. Prev.": _day(deal.expected, "%d/%m/%Y"),
        "Receita Est.": f"R$ {_german(deal.amount)}",
        "Status": {"open": "Aberta", "won": "Ganha", "lost": "Perdida"}[deal.state],
        "Razão do Status": "x",
        "Proprietário": deal.owner,
        "Data de Criação": _day(deal.created, "%d/%m/%Y %H:%M"),
        "Data de Fechamento Real": _day(deal.closed, "%d/%m/%Y"),
    }


def _fxiaoke_fields(deal: Truth) -> dict[str, str]:
    return {
        "_id": "65f" + deal.id,
        "name": deal.title,
        "account_id__r": deal.customer,
        "owner__r": deal.owner,
        "amount": f"{deal.amount}",
        "sales_stage": "65a" + str(deal.step),
        "sales_status": {"open": "1", "won": "2", "lost": "3"}[deal.state],
        "close_date": _milliseconds(deal.expected),
        "create_time": _milliseconds(deal.created),
        "actual_close_date": _milliseconds(deal.closed),
        "last_modified_time": "1750406400000",
    }


def _fxiaoke_in_tens_of_thousands(deal: Truth) -> dict[str, str]:
    return {
        "序号": "",
        "商机名称": deal.title,
        "客户名称": deal.customer,
        "负责人": deal.owner,
        "预计成交金额（万元）": f"{deal.amount / 1e4:.6f}",
        "商机阶段": _stage(deal, "赢单", "输单", "验证", "方案", "谈判"),
        "创建时间": _day(deal.created, "%Y年%m月%d日"),
        "结单时间": _day(deal.closed, "%Y年%m月%d日"),
    }


def _neocrm_fields(deal: Truth) -> dict[str, str]:
    return {
        "id": "33" + deal.id,
        "opportunityName": deal.title,
        "accountId": deal.customer,
        "ownerId": deal.owner,
        "money": f"{deal.amount}",
        "saleStageId": _stage(deal, "赢单", "输单", "初步接洽", "需求确定", "方案"),
        "winRate": {"won": "100", "lost": "0"}.get(deal.state) or "20",
        "closeDate": _day(deal.closed or deal.expected),
        "createdAt": _day(deal.created, "%Y-%m-%d %H:%M"),
        "updatedAt": "2025-06-20 08:00",
        "status": "1",
        "lockStatus": "0",
    }


def _frappe_labels(deal: Truth) -> dict[str, str]:
    return {
        "Sr": "",
        "ID": "CRM-DEAL-" + deal.id,
        "Organization": deal.customer,
        "Deal Owner": deal.owner,
        "Status": _stage(deal, "Won", "Lost", "Qualification", "Demo/Making", "Negotiation"),
        "Deal Value": f"{deal.amount}",
        "Expected Deal Value": f"{deal.amount * 2}",
        "Exchange Rate": "1",
        "Currency": "INR",
        "Created On": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Last Updated On": "2025-06-20 08:00:00",
        "Closed Date": _day(deal.closed),
        "Expected Closure Date": _day(deal.expected),
        "Lost Reason": "",
        "Annual Revenue": "0",
    }


def _espo_German(deal: Truth) -> dict[str, str]:
    return {
        "Name": deal.title,
        "Firma": deal.customer,
        "Verkaufsphase": _stage(
            deal, "Abgeschlossen gewonnen", "Abgeschlossen verloren", "Anbahnung", "Qualifizierung", "Angebot"
        ),
        "Betrag": _german(deal.amount),
        "Betrag Währung": "EUR",
        "Wahrscheinlichkeit, %": "20",
        "Abschlussdatum": _day(deal.closed or deal.expected, "%d.%m.%Y"),
        "Zugewiesener Benutzer": deal.owner,
        "Erstellt am": _day(deal.created, "%d.%m.%Y %H:%M"),
        "Erstellt von": "Uta",
    }


def _salesforce_capitals(deal: Truth) -> dict[str, str]:
    return {
        "ID": "006" + deal.id,
        "ISDELETED": "false",
        "ACCOUNT.NAME": deal.customer,
        "NAME": deal.title,
        "STAGENAME": _stage(deal, "Closed Won", "Closed Lost", "A", "B", "C"),
        "AMOUNT": f"{deal.amount}",
        "PROBABILITY": "50",
        "EXPECTEDREVENUE": f"{deal.amount / 2}",
        "CLOSEDATE": _day(deal.closed or deal.expected),
        "ISCLOSED": str(deal.state != "open").lower(),
        "ISWON": str(deal.state == "won").lower(),
        "OWNER.NAME": deal.owner,
        "CREATEDDATE": _day(deal.created, "%Y-%m-%dT%H:%M:%S.000+0000"),
        "SYSTEMMODSTAMP": "2025-06-20T08:00:00.000+0000",
        "FISCALYEAR": "2025",
    }


SYSTEMS_MORE = {
    "salesforce, Spanish report": System(_salesforce_Spanish_report, "informe123.csv", "es", ",", "utf-8"),
    "salesforce, Chinese report": System(_salesforce_Chinese_report, "report.csv", "zh", ",", "gb18030"),
    "hubspot, all properties": System(_hubspot_all_properties, "hubspot-all.csv"),
    "pipedrive, Portuguese": System(_pipedrive_Portuguese, "deals.xlsx", "pt"),
    "pipedrive, Russian": System(_pipedrive_Russian, "sdelki.csv", "ru", ";", "cp1251"),
    "odoo, Chinese": System(_odoo_Chinese, "crm.lead.xlsx", "zh"),
    "odoo, state of winning": System(_odoo_state_of_winning, "lead.csv"),
    "zoho, Spanish": System(_zoho_Spanish, "Tratos.csv", "es"),
    "zoho, American": System(_zoho_American, "Deals.csv"),
    "dynamics, Chinese": System(_dynamics_Chinese, "商机.xlsx", "zh"),
    "dynamics, Portuguese": System(_dynamics_Portuguese, "Oportunidades.xlsx", "pt"),
    "fxiaoke, fields": System(_fxiaoke_fields, "new_opportunity.csv", "zh"),
    "fxiaoke, in tens of thousands": System(_fxiaoke_in_tens_of_thousands, "商机台账.xlsx", "zh", title_rows=2),
    "neocrm, fields": System(_neocrm_fields, "opportunity.csv", "zh"),
    "frappe, labels": System(_frappe_labels, "CRM Deal 2.xlsx"),
    "espo, German": System(_espo_German, "Verkaufschance.csv", "de", ";"),
    "salesforce, capitals": System(_salesforce_capitals, "opps.csv"),
}
