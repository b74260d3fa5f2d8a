"""A small CRM for tests of the import: its mapping, and its tables as rows of texts."""

import csv
import gzip
import io
from pathlib import Path

MAPPING = """\
name: small
title: {en: A small CRM, zh: 小型 CRM}
source: small
time_zone: Asia/Shanghai
exported_at: "2025-06-30"
units: rep
tables:
  - name: deals
    id: 编号
    kind: opportunity
    set_aside:
      - when: {阶段: 测试}
        why: {en: a test entry, zh: 测试数据}
    events:
      - event: registered
        unit: 负责人
        at: {column: 创建时间, formats: ["%Y/%m/%d %H:%M", iso]}
        payload:
          owner: 负责人
          amount: {column: 金额, at_least: 10, why: {en: a demonstration, zh: 演示}}
          source: {column: 来源, values: {官网: website, 转介绍: referral}, others: leave_out}
      - event: first_contact
        at: {column: 创建时间, formats: ["%Y/%m/%d %H:%M", iso], plus: 首次响应}
      - event: won
        when: {阶段: 成交}
        at: {column: 成交日, time: end, missing: export}
  - name: calls
    optional: true
    id: id
    events:
      - event: contact
        at: when
        when: {seconds: ">= 30"}
        record:
          - {kind: opportunity, find: {table: deals, where: 客户, equals: customer}}
        payload: {custom.seconds: {column: seconds, type: number}}
      - event: attempt
        at: when
        when: {seconds: "< 30"}
        record: [{kind: opportunity, find: {table: deals, where: 客户, equals: customer}}]
"""
HEADER = ["编号", "负责人", "创建时间", "金额", "来源", "阶段", "成交日", "首次响应", "客户"]
GOOD = [
    ["5805028000025634471", "李强", "2025/03/03 09:30", "￥30,000.00", "官网", "成交", "2025-04-01", "00:45:00", "甲公司"],
    ["5805028000025634472", "王芳", "2025/03/04 10:00", "3.5万", "转介绍", "谈判", "", "1 day, 2:00:00", "乙公司"],
    ["5805028000025634473", "李强", "2025-05-01T08:00:00+08:00", "", "", "谈判", "", "", "甲公司"],
]
CALLS = [
    ["id", "when", "seconds", "customer"],
    ["c1", "2025-04-02 10:00", "95", "甲公司"],
    ["c2", "2025-05-02 10:00", "8", "甲公司"],
]


def csv_text(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def write_mapping(folder: Path, text: str = MAPPING) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def write_deals(folder: Path, rows: list[list[str]] = GOOD, how: str = "utf-8") -> Path:
    """The deals as a file: utf-8, utf-8-sig, gbk, gz or xlsx."""
    folder.mkdir(parents=True, exist_ok=True)
    text = csv_text([HEADER, *rows])
    if how == "xlsx":
        from openpyxl import Workbook

        book = Workbook()
        book.active.title = "deals"
        for row in [HEADER, *rows]:
            book.active.append(row)
        book.save(folder / "export.xlsx")
        return folder
    if how == "gz":
        (folder / "deals.csv.gz").write_bytes(gzip.compress(text.encode()))
    else:
        (folder / "deals.csv").write_bytes(text.encode(how))
    return folder


def write_calls(folder: Path) -> Path:
    (folder / "calls.csv").write_text(csv_text(CALLS), encoding="utf-8")
    return folder
