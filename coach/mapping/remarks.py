"""What the import did to a row that it could not take as it was, and why, in English and Chinese."""

from typing import NamedTuple

from policies.language.quantities import Text

TEXTS: dict[str, tuple[str, str]] = {
    # rows set aside
    "uneven": (
        "the row has another number of cells than the header; a separator may be missing or stand in a text: quote it",
        "该行的单元格数与表头不符，可能缺少分隔符或文本中含有分隔符，请加引号",
    ),
    "no_id": ("the row has no id; fill it in", "该行没有编号，请补填"),
    "no_record": (
        "a sum of other rows, the heading of a group, or a note: no record of its own",
        "小计、分组标题或备注行，不是一条记录",
    ),
    "digits_lost": (
        "a spreadsheet has cut the last digits off the id; export again with the column as text",
        "编号被电子表格截断了末位数字，请将该列设为文本后重新导出",
    ),
    "same_id": ("another row has the same id; the first one counts", "另有一行使用相同编号，以首行为准"),
    "changed_row": (
        "the row tells otherwise than it did in an earlier import, and what it told then stays; write snapshot: true in the "
        "mapping where rows tell how records stand",
        "该行与先前导入时不同，仍保留当时的内容；若各行表示记录的现状，请在映射中写 snapshot: true",
    ),
    "no_instant": (
        "there is no instant, or it cannot be read; correct it, or add its format to the mapping",
        "缺少时间或无法读取，请改正，或在映射中补充其格式",
    ),
    "odd_year": (
        "the year lies before 1990 or after 2099 and is mistyped; correct it in the file",
        "年份早于 1990 或晚于 2099，应为误输，请在文件中改正",
    ),
    "created_after_export": (
        "created after the files were exported, so that the date is mistyped; correct it in the file, or say when they were "
        "exported (--exported-at)",
        "创建时间晚于文件的导出时间，应为误输；请在文件中改正，或用 --exported-at 说明导出时间",
    ),
    "created_apart": (
        "created long after everything else in these files, so that the date is probably mistyped; correct it in the file, or, "
        "if it is right, say when they were exported (--exported-at)",
        "创建时间远晚于文件中的其他内容，可能为误输；请在文件中改正；若无误，请用 --exported-at 说明导出时间",
    ),
    "unknown_event": ("this is no kind of event; see rehearse schema mapping", "没有这种事件，见 rehearse schema mapping"),
    "unknown_kind": ("this is no kind of record; see rehearse schema records", "没有这种记录，见 rehearse schema records"),
    # repairs
    "unreadable": (
        "cannot be read as {about}; left out. Correct it, or add its format to the mapping",
        "无法读作{about}，已略去；请改正，或在映射中补充其格式",
    ),
    "unknown_value": (
        "the mapping does not know this value; left out. Add it under `values`",
        "映射中没有此值，已略去；请在 `values` 中补充",
    ),
    "unknown_currency": (
        "this is no code of a currency; the amount was left out. Write EUR or CNY, or say under `values` what it means",
        "不是货币代码，金额已略去；请写 EUR、CNY 等，或在 `values` 中说明其含义",
    ),
    "unclear_currency": (
        "the currency cannot be told, or the row names two; the amount was left out. Say it in a column, or in the mapping "
        "under `currency`",
        "无法判断货币，或该行写有两种货币，金额已略去；请在某一列或映射的 `currency` 中写明",
    ),
    "no_rate": (
        "there is no rate of its currency on or before its day; counted without the amount. Add the rate and import again, or "
        "rehearse store rates",
        "当日及以前没有该货币的汇率，已计入但不计金额；请补充汇率后重新导入，或运行 rehearse store rates",
    ),
    "no_own_currency": (
        "is in a currency, and nobody said which the firm's is; counted without the amount. Say it in the mapping under "
        "`currency`, or rehearse store currency",
        "写有货币，但尚未说明企业使用哪种货币，已计入但不计金额；请在映射的 `currency` 中写明，或运行 rehearse store currency",
    ),
    "no_such_stage": (
        "lies beyond the last stage of the policy in force, whose stages in order are {{stages}}; left out. Map it to one of "
        "them under `values`, or put a policy with this stage in force and import again",
        "超出现行制度的最后一个阶段（各阶段依次为：{{stages}}），已略去；请在 `values` 中对应到其中之一，"
        "或启用含有该阶段的制度后重新导入",
    ),
    "out_of_bounds": ("outside the bounds of the mapping; left out", "超出映射规定的范围，已略去"),
    "before_registered": ("lies before the record was created; moved to that instant", "早于记录的创建时间，已改为创建时间"),
    "after_export": ("lies after the files were exported; left out", "晚于导出时间，已略去"),
    "closed_after_export": (
        "lies after the files were exported, so that the day is not known; counted as closed when they were exported",
        "晚于导出时间，无法得知实际日期，按导出时已结束计",
    ),
    "apart": (
        "lies long after everything else in these files and is probably mistyped; left out. Correct it in the file, or, if it "
        "is right, say when they were exported (--exported-at)",
        "远晚于文件中的其他内容，可能为误输，已略去；请在文件中改正；若无误，请用 --exported-at 说明导出时间",
    ),
    "odd_year_left_out": (
        "the year lies before 1990 or after 2099 and is mistyped; left out. Correct it in the file",
        "年份早于 1990 或晚于 2099，应为误输，已略去；请在文件中改正",
    ),
    "odd_year_undated": (
        "the year lies before 1990 or after 2099, so that the day is not known; counted as closed when the files were exported",
        "年份早于 1990 或晚于 2099，无法得知实际日期，按导出时已结束计",
    ),
    "too_large": (
        "larger than any number can be here (a million times a billion); left out. Correct it in the file",
        "超出可用数值的上限（一千万亿），已略去；请在文件中改正",
    ),
    "clock_skipped": (
        "the clock never showed this time: it was put forward over it; taken as the end of the gap",
        "当夜时钟拨快，没有这一时刻，已按跳过之后的时刻计",
    ),
    "clock_twice": (
        "the clock showed this time twice: it was put back that night; taken as the first",
        "当夜时钟拨慢，这一时刻出现两次，已按第一次计",
    ),
    "header_below": ("the header stands in this row; what stands above it was left out", "表头在这一行，其上方的内容已略去"),
    "formula": (
        "a formula without its value; open the workbook, calculate and save it again",
        "公式没有存储计算结果，请打开工作簿重新计算并保存",
    ),
    "same_person": ("the same person, spelled otherwise before", "同一个人，此前写法不同"),
    "listed_person": ("the same person by the list of people", "按人员名单为同一人"),
    "leaves_later": (
        "the last day is not over yet; taken by the first import after it",
        "最后一天尚未过去，将在其后的首次导入时计入",
    ),
    "somebody_already": (
        "this spelling is a name in the store already; what came in under it before stays there until a later export moves it",
        "该写法在存储中已是一个名称，此前以其导入的内容保留不变，直至后续导出将其转移",
    ),
    "older_list": (
        "this list is older than one that is here already; who came and left was not taken from it",
        "该名单早于已导入的名单，未从中读取入职与离职",
    ),
    "no_owner": ("has no owner; nobody is responsible for it", "没有负责人，无人对其负责"),
    "undated": ("has no date; dated at the export, when it was known", "没有日期，按导出时间计（当时已知）"),
    "recorded_before": (
        "recorded before it happened; taken as recorded when it happened",
        "记录时间早于发生时间，已按发生时间计",
    ),
    "control": ("held control characters; they were taken out", "含控制字符，已去除"),
    "older_export": (
        "these files are older than an export of the same table that is here already; nothing of it was taken",
        "这些文件早于已导入的同一表的导出，未读入其中任何内容",
    ),
    "before_its_record": (
        "lies before the record that it belongs to was created; left out",
        "早于所属记录的创建时间，已略去",
    ),
    "record_not_here": (
        "the record that it belongs to is neither in these files nor in the store; import it first",
        "所属记录既不在文件中也不在存储中，请先导入该记录",
    ),
    "event_left_out": ("no record to put it on; the event was left out", "没有可归属的记录，该事件已略去"),
}
TYPES = {
    "number": ("a number", "数字"),
    "money": ("an amount", "金额"),
    "share": ("a share", "比例"),
    "instant": ("an instant", "时间"),
    "duration": ("a duration", "时长"),
    "flag": ("yes or no", "是或否"),
    "text": ("a text", "文本"),
    "choice": ("a name", "名称"),
}
FATES = {
    "rows": Text(en="rows", zh="行数"),
    "imported": Text(en="imported", zh="导入"),
    "repaired": Text(en="repaired", zh="修正"),
    "unchanged": Text(en="unchanged", zh="无变化"),
    "empty": Text(en="nothing in it", zh="无可读内容"),
    "set_aside": Text(en="set aside", zh="搁置"),
}
"""What becomes of the rows of a table, see `TableCount`."""


class Remark(NamedTuple):
    """One thing about one row. `set_aside`: the row was not brought in; otherwise it was, repaired."""

    table: str
    file: str
    row: int
    column: str
    found: str
    set_aside: bool
    en: str
    zh: str

    def sentence(self, language: str) -> str:
        """The whole of it with its place."""
        place = f"{self.file} 第 {self.row} 行" if language == "zh" else f"{self.file}, row {self.row}"
        if language == "zh":
            cell = f"，{self.column}“{self.found}”" if self.column else ""
            return f"{place}{cell}：{self.zh}。"
        cell = f", {self.column} '{self.found}'" if self.column else ""
        return f"{place}{cell}: {self.en}."


def text_of(code: str, about: str = "") -> Text:
    """A text of the catalogue; `about` is a type of value."""
    en, zh = TEXTS[code]
    kind = TYPES.get(about, ("", ""))
    return Text(en=en.format(about=kind[0]), zh=zh.format(about=kind[1]))
