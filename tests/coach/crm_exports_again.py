"""The ten CRMs once more: another language of the interface, other formats of dates, the fields' technical names.

Headings: Salesforce (a German report with its footer, and a report of the new pages), HubSpot (properties by their internal
names, and the Spanish and Portuguese views), Pipedrive (German list, and fields of the API), Odoo (technical names, and German
labels), Zoho (module of old accounts, and names of the API), Dynamics 365 (American and German worksheets, and columns of its
web API), 纷享销客 (商机 2.0 with marks of required columns), 销售易 (labels of the standard object), Frappe CRM and EspoCRM
(fields).
"""

from datetime import datetime

from tests.coach.crm_exports import System, Truth, _day, _german

ISO_Z = "%Y-%m-%dT%H:%M:%S.000Z"


def _us(moment: datetime | None, *, time: bool = True) -> str:
    """1/31/2024 2:05 PM, without zeros in front."""
    if moment is None:
        return ""
    day = f"{moment.month}/{moment.day}/{moment.year}"
    return f"{day} {moment.hour % 12 or 12}:{moment:%M %p}" if time else day


def _stage(deal: Truth, won: str, lost: str, *opened: str) -> str:
    return {"won": won, "lost": lost}.get(deal.state) or opened[deal.step]


def _salesforce_german(deal: Truth) -> dict[str, str]:
    return {
        "Opportunity-Inhaber": deal.owner,
        "Accountname": deal.customer,
        "Opportunity-Name": deal.title,
        "Phase": _stage(
            deal, "Geschlossen und gewonnen", "Geschlossen und verloren", "Qualifizierung", "Angebot", "Verhandlung"
        ),
        "Geschäftsperiode": "Q1-2024",
        "Betrag": f"EUR {_german(deal.amount)}",
        "Wahrscheinlichkeit (%)": {"won": "100%", "lost": "0%"}.get(deal.state) or f"{20 + 20 * deal.step}%",
        "Alter": "31",
        "Schlusstermin": _day(deal.closed or deal.expected, "%d.%m.%Y"),
        "Erstelldatum": _day(deal.created, "%d.%m.%Y"),
        "Nächster Schritt": "",
        "Lead-Quelle": "Web",
        "Typ": "Neukunde",
    }


def _salesforce_lightning(deal: Truth) -> dict[str, str]:
    return {
        "Opportunity ID": f"0068d00000{deal.id}",
        "Full Name": deal.owner,
        "Account Name: Account Name": deal.customer,
        "Opportunity Name": deal.title,
        "Stage": _stage(deal, "Closed Won", "Closed Lost", "Discovery", "Proposal", "Negotiation"),
        "Closed": "1" if deal.state != "open" else "0",
        "Won": "1" if deal.state == "won" else "0",
        "Amount (converted) Currency": "USD",
        "Amount (converted)": f"{deal.amount:.2f}",
        "Expected Revenue (converted)": f"{deal.amount * 0.4:.2f}",
        "Close Date": _us(deal.closed or deal.expected, time=False),
        "Created Date": _us(deal.created, time=False),
        "Last Modified Date": "6/20/2025",
    }


def _hubspot_properties(deal: Truth) -> dict[str, str]:
    return {
        "hs_object_id": f"12345{deal.id}",
        "dealname": deal.title,
        "dealstage": _stage(deal, "closedwon", "closedlost", "appointmentscheduled", "qualifiedtobuy", "contractsent"),
        "pipeline": "default",
        "amount": f"{deal.amount:.2f}",
        "amount_in_home_currency": f"{deal.amount:.2f}",
        "closedate": _day(deal.closed or deal.expected, ISO_Z),
        "createdate": _day(deal.created, ISO_Z),
        "hs_createdate": _day(deal.created, ISO_Z),
        "hs_lastmodifieddate": "2025-06-20T08:00:00.000Z",
        "hs_is_closed": str(deal.state != "open").lower(),
        "hs_is_closed_won": str(deal.state == "won").lower(),
        "hubspot_owner_id": deal.owner,
        "hs_analytics_source": "OFFLINE",
        "deal_currency_code": "EUR",
    }


def _hubspot_spanish(deal: Truth) -> dict[str, str]:
    return {
        "ID de registro": f"98765{deal.id}",
        "Nombre del negocio": deal.title,
        "Etapa del negocio": _stage(
            deal, "Cierre ganado", "Cierre perdido", "Cita programada", "Cualificado", "Contrato enviado"
        ),
        "Fecha de cierre": _day(deal.closed or deal.expected, "%Y-%m-%d %H:%M"),
        "Propietario del negocio": deal.owner,
        "Valor": f"{deal.amount:.2f}",
        "Fecha de creación": _day(deal.created, "%Y-%m-%d %H:%M"),
        "Pipeline": "Pipeline de ventas",
        "Empresa asociada": deal.customer,
    }


def _hubspot_portuguese(deal: Truth) -> dict[str, str]:
    return {
        "ID do registro": f"98765{deal.id}",
        "Nome do negócio": deal.title,
        "Etapa do negócio": _stage(
            deal, "Negócio fechado", "Negócio perdido", "Agendamento", "Qualificado", "Contrato enviado"
        ),
        "Data de fechamento": _day(deal.closed or deal.expected, "%Y-%m-%d %H:%M"),
        "Proprietário do negócio": deal.owner,
        "Valor": f"{deal.amount:.2f}",
        "Data de criação": _day(deal.created, "%Y-%m-%d %H:%M"),
        "É negócio ganho": "Sim" if deal.state == "won" else "Não",
        "Empresa associada": deal.customer,
    }


def _pipedrive_german(deal: Truth) -> dict[str, str]:
    return {
        "Deal - Titel": deal.title,
        "Deal - Organisation": deal.customer,
        "Deal - Wert": _german(deal.amount),
        "Deal - Währung": "EUR",
        "Deal - Gewichteter Wert": _german(deal.amount * 0.5),
        "Deal - Phase": ("Qualifiziert", "Kontakt hergestellt", "Demo vereinbart")[deal.step],
        "Deal - Status": {"open": "Offen", "won": "Gewonnen", "lost": "Verloren"}[deal.state],
        "Deal - Besitzer": deal.owner,
        "Deal - Ersteller": "Uta Groß",
        "Deal - Deal erstellt am": _day(deal.created, "%d.%m.%Y %H:%M"),
        "Deal - Zeit der letzten Änderung": "20.06.2025 08:00",
        "Deal - Voraussichtliches Abschlussdatum": _day(deal.expected, "%d.%m.%Y"),
        "Deal - Gewonnen um": _day(deal.closed, "%d.%m.%Y %H:%M") if deal.state == "won" else "",
        "Deal - Verloren um": _day(deal.closed, "%d.%m.%Y %H:%M") if deal.state == "lost" else "",
        "Deal - Deal abgeschlossen am": _day(deal.closed, "%d.%m.%Y %H:%M"),
        "Deal - Grund für Verlust": "Preis" if deal.state == "lost" else "",
        "Deal - ID": deal.id,
    }


def _pipedrive_fields(deal: Truth) -> dict[str, str]:
    return {
        "id": deal.id,
        "creator_user_id.name": "Ada Quill",
        "user_id.name": deal.owner,
        "org_id.name": deal.customer,
        "stage_id": str(deal.step + 1),
        "title": deal.title,
        "value": f"{deal.amount:.2f}",
        "currency": "EUR",
        "add_time": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "update_time": "2025-06-20 08:00:00",
        "stage_change_time": "2025-06-19 08:00:00",
        "active": str(deal.state == "open").lower(),
        "deleted": "false",
        "status": deal.state,
        "probability": "",
        "lost_reason": "price" if deal.state == "lost" else "",
        "close_time": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "pipeline_id": "1",
        "won_time": _day(deal.closed, "%Y-%m-%d %H:%M:%S") if deal.state == "won" else "",
        "lost_time": _day(deal.closed, "%Y-%m-%d %H:%M:%S") if deal.state == "lost" else "",
        "expected_close_date": _day(deal.expected),
        "weighted_value": f"{deal.amount * 0.5:.2f}",
    }


def _odoo_fields(deal: Truth) -> dict[str, str]:
    return {
        "id": deal.id,
        "name": deal.title,
        "type": "opportunity",
        "partner_id": deal.customer,
        "user_id": deal.owner,
        "team_id": "Sales",
        "expected_revenue": f"{deal.amount:.2f}",
        "prorated_revenue": f"{deal.amount * 0.3:.2f}",
        "stage_id": "Won" if deal.state == "won" else ("New", "Qualified", "Proposition")[deal.step],
        "active": str(deal.state != "lost"),
        "probability": {"won": "100.0", "lost": "0.0"}.get(deal.state) or f"{12.5 + 10 * deal.step}",
        "create_date": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "write_date": "2025-06-20 08:00:00",
        "date_open": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "date_closed": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "date_deadline": _day(deal.expected),
        "lost_reason_id": "Too expensive" if deal.state == "lost" else "",
    }


def _odoo_german(deal: Truth) -> dict[str, str]:
    return {
        "Externe ID": f"__export__.crm_lead_{deal.id}_ab12",
        "Verkaufschance": deal.title,
        "Kunde": deal.customer,
        "Vertriebsmitarbeiter": deal.owner,
        "Verkaufsteam": "Vertrieb",
        "Erwarteter Umsatz": f"{deal.amount:.2f}",
        "Anteiliger Umsatz": f"{deal.amount * 0.4:.2f}",
        "Phase": "Gewonnen" if deal.state == "won" else ("Neu", "Qualifiziert", "Angebot")[deal.step],
        "Aktiv": "WAHR" if deal.state != "lost" else "FALSCH",
        "Erstellt am": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "Abschlussdatum": _day(deal.closed, "%Y-%m-%d %H:%M:%S"),
        "Erwarteter Abschluss": _day(deal.expected),
        "Verlustgrund": "Zu teuer" if deal.state == "lost" else "",
    }


def _zoho_potentials(deal: Truth) -> dict[str, str]:
    return {
        "POTENTIALID": f"31400000{deal.id}",
        "Potential Name": deal.title,
        "Potential Owner": deal.owner,
        "Account Name": deal.customer,
        "Created Time": _day(deal.created, "%d %b, %Y %H:%M:%S"),
        "Closing Date": _day(deal.closed or deal.expected, "%d %b, %Y"),
        "Amount": f"${deal.amount:,.2f}",
        "Expected Revenue": f"${deal.amount * 0.3:,.2f}",
        "Stage": _stage(
            deal, "Closed Won", "Closed Lost to Competition", "Needs Analysis", "Value Proposition", "Negotiation/Review"
        ),
        "Probability": {"won": "100", "lost": "0"}.get(deal.state) or f"{20 + 20 * deal.step}",
        "Type": "Existing Business",
        "Lead Source": "Advertisement",
        "Campaign Id": "24000023",
    }


def _zoho_fields(deal: Truth) -> dict[str, str]:
    return {
        "id": f"48000000{deal.id}",
        "Deal_Name": deal.title,
        "Owner.id": "480000001",
        "Owner.name": deal.owner,
        "Account_Name.name": deal.customer,
        "Amount": f"{deal.amount}",
        "Currency": "GBP",
        "Exchange_Rate": "1",
        "Stage": _stage(deal, "Closed (Won)", "Closed (Lost)", "Qualification", "Identify Decision Makers", "Negotiation"),
        "Closing_Date": _day(deal.closed or deal.expected),
        "Created_Time": _day(deal.created, "%Y-%m-%dT%H:%M:%S+00:00"),
        "Modified_Time": "2025-06-20T08:00:00+00:00",
        "Created_By.name": "Ada Quill",
        "Probability": {"won": "100", "lost": "0"}.get(deal.state) or f"{20 + 20 * deal.step}",
    }


def _dynamics_american(deal: Truth) -> dict[str, str]:
    return {
        "(Do Not Modify) Opportunity": f"8a2e-{deal.id}",
        "(Do Not Modify) Row Checksum": f"abc{deal.id}=",
        "(Do Not Modify) Modified On": _us(datetime(2025, 6, 20, 8)),
        "Topic": deal.title,
        "Potential Customer": deal.customer,
        "Est. close date": _us(deal.expected, time=False),
        "Est. revenue": f"${deal.amount:,.2f}",
        "Actual Revenue": f"${deal.amount:,.2f}" if deal.state == "won" else "",
        "Contact": "",
        "Account": deal.customer,
        "Probability": "20",
        "Rating": "Warm",
        "Pipeline Phase": ("1-Qualify", "2-Develop", "3-Propose")[deal.step],
        "Status": deal.state.capitalize(),
        "Status Reason": {"open": "In Progress", "won": "Won", "lost": "Canceled"}[deal.state],
        "Owner": deal.owner,
        "Created On": _us(deal.created),
        "Actual Close Date": _us(deal.closed, time=False),
    }


def _dynamics_german(deal: Truth) -> dict[str, str]:
    return {
        "(Nicht ändern) Verkaufschance": f"9b3f-{deal.id}",
        "(Nicht ändern) Zeilenprüfsumme": f"abc{deal.id}=",
        "(Nicht ändern) Geändert am": "20.06.2025 08:00",
        "Thema": deal.title,
        "Potenzieller Kunde": deal.customer,
        "Gesch. Abschlussdatum": _day(deal.expected, "%d.%m.%Y"),
        "Gesch. Umsatz": f"{_german(deal.amount)} €",
        "Tats. Umsatz": f"{_german(deal.amount)} €" if deal.state == "won" else "",
        "Wahrscheinlichkeit": "30",
        "Status": {"open": "Offen", "won": "Gewonnen", "lost": "Verloren"}[deal.state],
        "Statusgrund": {"open": "In Bearbeitung", "won": "Gewonnen", "lost": "Ausverkauft"}[deal.state],
        "Besitzer": deal.owner,
        "Erstellt am": _day(deal.created, "%d.%m.%Y %H:%M"),
        "Tats. Abschlussdatum": _day(deal.closed, "%d.%m.%Y"),
    }


def _dynamics_fields(deal: Truth) -> dict[str, str]:
    return {
        "opportunityid": f"8a2e77b1-0000-4000-8000-00000000{deal.id}",
        "name": deal.title,
        "_customerid_value@OData.Community.Display.V1.FormattedValue": deal.customer,
        "_ownerid_value@OData.Community.Display.V1.FormattedValue": deal.owner,
        "estimatedvalue": f"{deal.amount:.4f}",
        "actualvalue": f"{deal.amount:.4f}" if deal.state == "won" else "",
        "estimatedclosedate": _day(deal.expected),
        "actualclosedate": _day(deal.closed),
        "statecode": {"open": "0", "won": "1", "lost": "2"}[deal.state],
        "statuscode": {"open": "1", "won": "3", "lost": "5"}[deal.state],
        "stepname": ("1-Qualify", "2-Develop", "3-Propose")[deal.step],
        "createdon": _day(deal.created, "%Y-%m-%dT%H:%M:%SZ"),
        "modifiedon": "2025-06-20T08:00:00Z",
    }


def _fxiaoke_new(deal: Truth) -> dict[str, str]:
    return {
        "商机名称（必填）": deal.title,
        "客户名称（必填）": deal.customer,
        "商机金额": f"{deal.amount:,.2f}",
        "销售流程（必填）": "默认流程",
        "阶段（必填）": _stage(deal, "赢单", "无效" if deal.step else "输单", "验证客户", "需求确定", "商务谈判"),
        "状态": {"open": "进行中", "won": "赢单"}.get(deal.state) or ("无效" if deal.step else "输单"),
        "赢率": {"won": "100", "lost": "0"}.get(deal.state) or f"{10 + 20 * deal.step}",
        "预计成交日期（必填）": _day(deal.expected, "%Y-%m-%d"),
        "成交日期": _day(deal.closed, "%Y-%m-%d"),
        "负责人（必填）": deal.owner,
        "负责人主属部门": "华东大区",
        "归属部门": "华东大区",
        "生命状态": "正常",
        "锁定状态": "未锁定",
        "创建人": "陈明",
        "创建时间": _day(deal.created, "%Y-%m-%d %H:%M:%S"),
        "最后修改人": "陈明",
        "最后修改时间": "2025-06-20 08:00:00",
        "唯一性ID": f"65f0{deal.id}c0ffee",
    }


def _neocrm_labels(deal: Truth) -> dict[str, str]:
    return {
        "机会名称": deal.title,
        "客户名称": deal.customer,
        "销售金额": f"{deal.amount:.2f}",
        "币种": "人民币",
        "销售阶段": _stage(deal, "赢单", "输单", "初步接洽", "需求确定", "方案/报价"),
        "赢率": {"won": "100%", "lost": "0%"}.get(deal.state) or f"{20 + 20 * deal.step}%",
        "阶段分类": "管道" if deal.state == "open" else "结束",
        "输单阶段": "需求确定" if deal.state == "lost" else "",
        "输单原因": "价格" if deal.state == "lost" else "",
        "结单日期": _day(deal.closed or deal.expected),
        "机会类型": "新机会",
        "机会来源": "官网",
        "销售机会所有人": deal.owner,
        "所属部门": "华东大区",
        "创建人": "陈明",
        "创建日期": _day(deal.created, "%Y-%m-%d %H:%M"),
        "最新修改日": "2025-06-20 08:00",
        "锁定状态": "未锁定",
    }


def _frappe_fields(deal: Truth) -> dict[str, str]:
    return {
        "name": f"CRM-DEAL-2025-{deal.id}",
        "owner": "admin@firm.example",
        "creation": _day(deal.created, "%Y-%m-%d %H:%M:%S.000000"),
        "modified": "2025-06-20 08:00:00.000000",
        "modified_by": "admin@firm.example",
        "docstatus": "0",
        "organization": deal.customer,
        "lead": "",
        "deal_owner": deal.owner,
        "status": _stage(deal, "Won", "Lost", "Qualification", "Proposal/Quotation", "Ready to Close"),
        "probability": {"won": "100", "lost": "0"}.get(deal.state) or f"{10 + 30 * deal.step}",
        "deal_value": f"{deal.amount:.2f}",
        "annual_revenue": "0",
        "currency": "INR",
        "closed_date": _day(deal.closed),
        "expected_closure_date": _day(deal.expected),
        "lost_reason": "Pricing" if deal.state == "lost" else "",
    }


def _espo_fields(deal: Truth) -> dict[str, str]:
    return {
        "id": f"64ab{deal.id}",
        "name": deal.title,
        "deleted": "0",
        "amount": f"{deal.amount:.2f}".replace(".", ","),
        "amountCurrency": "EUR",
        "amountConverted": f"{deal.amount * 1.1:.2f}".replace(".", ","),
        "amountWeightedConverted": f"{deal.amount * 0.2:.2f}".replace(".", ","),
        "stage": _stage(deal, "Closed Won", "Closed Lost", "Prospecting", "Qualification", "Proposal"),
        "lastStage": ("Prospecting", "Qualification", "Proposal")[deal.step],
        "probability": {"won": "100", "lost": "0"}.get(deal.state) or f"{10 + 20 * deal.step}",
        "leadSource": "Call",
        "closeDate": _day(deal.closed or deal.expected, "%d.%m.%Y"),
        "createdAt": _day(deal.created, "%d.%m.%Y %H:%M"),
        "modifiedAt": "20.06.2025 08:00",
        "accountName": deal.customer,
        "createdByName": "Ada Quill",
        "assignedUserName": deal.owner,
    }


SYSTEMS_AGAIN = {
    "salesforce, German report": System(_salesforce_german, "report1718870000001.csv", "de", ";", "cp1252"),
    "salesforce, report of the new pages": System(_salesforce_lightning, "report-2025-06-20.xlsx", title_rows=2),
    "hubspot, properties": System(_hubspot_properties, "deals.csv"),
    "hubspot, Spanish": System(_hubspot_spanish, "hubspot-crm-exports-todos-los-negocios.xlsx", "es"),
    "hubspot, Portuguese": System(_hubspot_portuguese, "hubspot-crm-exports-negocios.csv", "pt"),
    "pipedrive, German": System(_pipedrive_german, "deals-777-1.csv", "de", ";"),
    "pipedrive, fields": System(_pipedrive_fields, "pipedrive_deals.csv"),
    "odoo, fields": System(_odoo_fields, "crm.lead.csv"),
    "odoo, German": System(_odoo_german, "Lead_Verkaufschance (crm.lead).csv", "de"),
    "zoho, potentials": System(_zoho_potentials, "Potentials_001.csv"),
    "zoho, fields": System(_zoho_fields, "zoho_export.tsv", "en", "\t"),
    "dynamics, American": System(_dynamics_american, "All Opportunities 6-20-2025.xlsx"),
    "dynamics, German": System(_dynamics_german, "Alle Verkaufschancen.xlsx", "de"),
    "dynamics, fields": System(_dynamics_fields, "opportunities.csv"),
    "fxiaoke, new": System(_fxiaoke_new, "商机2.0_20250620.xlsx", "zh"),
    "neocrm, labels": System(_neocrm_labels, "销售机会_导出.csv", "zh", encoding="utf-8-sig"),
    "frappe, fields": System(_frappe_fields, "CRM_Deal.csv"),
    "espo, fields": System(_espo_fields, "Opportunity.csv", "en", ";"),
}
