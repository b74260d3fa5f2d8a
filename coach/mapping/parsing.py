"""Texts of a column into instants, numbers, durations and flags, the whole column at once.

Each function takes a Series of texts in which empty means nothing was entered, and gives values of the same length: NaN or NaT
where the text is empty or cannot be read. The caller tells the two apart by the text.
"""

import numpy as np
import pandas as pd

DAY = 86_400_000
HOUR = 3_600_000
_OFFSET = r"(?:Z|[+-]\d\d:?\d\d)$"
_DATE_ONLY = r"^\d{4}-\d{1,2}-\d{1,2}$"
_CURRENCY = (
    r"(?:US|HK|NT|MX|NZ|R|A|C|S)\$|人民币|新台币|[美欧港日]元|美金|英镑|港币|руб(?:лей|ля|ль|\.)?|zł|Kč|[\s'’_¥￥€$£₩₫₹฿₽₺元]"
    r"|\b[A-Z]{3}\b|RMB"
)
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_DURATION = r"^(?:(?P<d>\d+)\s*(?:days?|d|天),?\s*)?(?P<h>\d+):(?P<m>[0-5]?\d)(?::(?P<s>[0-5]?\d(?:\.\d+)?))?$"
_UNITS = {"万": 1e4, "亿": 1e8, "k": 1e3, "m": 1e6}
EPOCH = "epoch_ms"
"""Format of numbers that count milliseconds since 1970."""
YES = {"1", "1.0", "true", "yes", "y", "是", "ja", "wahr", "sim", "sí", "si", "verdadeiro", "verdadero", "да", "истина"}
NO = {"0", "0.0", "false", "no", "n", "否", "nein", "falsch", "não", "nao", "falso", "нет", "ложь"}


def instants(texts: pd.Series, formats: tuple[str, ...], time: str, zone: str, *, iso: bool = True) -> pd.Series:
    """Milliseconds since 1970 as float64; NaN where there is none. A date without a time gets `time` of that day.

    ISO 8601 is tried last, unless `iso` is off: cells of a workbook that are dates come so, however they are shown.
    """
    found = pd.Series(np.nan, index=texts.index)
    for written in dict.fromkeys((*formats, "iso") if iso else formats):
        left = found.isna() & (texts != "")
        if not left.any():
            break
        found[left] = _iso(texts[left], time, zone) if written == "iso" else _formatted(texts[left], written, time, zone)
    return _serials(texts, found, time, zone) if iso else found


def _serials(texts: pd.Series, found: pd.Series, time: str, zone: str) -> pd.Series:
    """With the numbers that a spreadsheet keeps for dates: days since 30 December 1899, of the years 1954 to 2119."""
    numbers = pd.to_numeric(texts.where(found.isna() & texts.str.match(_SERIAL), ""), errors="coerce")
    left = numbers.between(20_000, 80_000)
    if not left.any():
        return found
    days = numbers[left]
    local = pd.Timestamp("1899-12-30") + pd.to_timedelta((days * 86_400).round(), unit="s")
    local = local.where(days % 1 != 0, _at_time(local, time))
    return found.where(~left, _milliseconds(_localised(local, zone)).reindex(found.index))


def _iso(texts: pd.Series, time: str, zone: str) -> pd.Series:
    offset = texts.str.contains(_OFFSET) & texts.str.contains("[T ]")
    found = pd.Series(np.nan, index=texts.index)
    if offset.any():
        found[offset] = _milliseconds(pd.to_datetime(texts[offset], format="ISO8601", errors="coerce", utc=True))
    plain = texts[~offset]
    if len(plain):
        dates = plain.str.contains(_DATE_ONLY)
        local = pd.to_datetime(plain, format="ISO8601", errors="coerce")
        found[~offset] = _milliseconds(_localised(local.where(~dates, _at_time(local, time)), zone))
    return found


def _formatted(texts: pd.Series, written: str, time: str, zone: str) -> pd.Series:
    if written == EPOCH:
        return pd.to_numeric(texts, errors="coerce")
    local = pd.to_datetime(texts, format=written, errors="coerce")
    if local.dt.tz is not None:
        return _milliseconds(local.dt.tz_convert("UTC"))
    return _milliseconds(_localised(local if "%H" in written or "%I" in written else _at_time(local, time), zone))


def _at_time(local: pd.Series, time: str) -> pd.Series:
    if time == "start":
        return local
    if time == "end":
        return local + pd.Timedelta(DAY - 1, unit="ms")
    return local + pd.Timedelta(time + ":00")


def _localised(local: pd.Series, zone: str) -> pd.Series:
    # The hour that a clock change repeats is taken as its first pass; one that it skips is moved to its end.
    first_pass = np.ones(len(local), dtype=bool)
    return local.dt.tz_localize(zone, ambiguous=first_pass, nonexistent="shift_forward").dt.tz_convert("UTC")


def _milliseconds(instant: pd.Series) -> pd.Series:
    plain = instant.dt.tz_localize(None).astype("datetime64[ms]")
    return plain.astype("int64").astype(float).where(plain.notna())


def clock_changes(texts: pd.Series, found: pd.Series, formats: tuple[str, ...], time: str, zone: str) -> pd.Series:
    """ "skipped" where the clock never showed the time that a text tells, "twice" where it showed it twice that night, else "".

    `found`: what `instants` made of the texts.
    """
    told = pd.Series("", index=texts.index, dtype=object)
    known = found.dropna()
    moments = pd.to_datetime(known.astype("int64"), unit="ms", utc=True)
    offset, before, after = (_offset(moments + pd.Timedelta(hours=hours), zone) for hours in (0, -3, 3))
    near = known.index[(before != offset) | (after != offset)]
    if not len(near):
        return told
    clock = instants(texts[near], formats, time, "UTC")
    plain = clock != found[near]  # a text with an offset of its own cannot be mistaken
    hour_on = _offset(moments[near] + pd.Timedelta(hours=1), zone)
    told[near[plain & (clock - found[near] != offset[near])]] = "skipped"
    told[near[plain & (clock - found[near] == offset[near]) & (hour_on < offset[near])]] = "twice"
    return told


def _offset(moments: pd.Series, zone: str) -> pd.Series:
    """Offset from UTC at some moments, ms."""
    local = moments.dt.tz_convert(zone).dt.tz_localize(None)
    return (local - moments.dt.tz_localize(None)).dt.total_seconds() * 1000


def numbers(texts: pd.Series, decimal: str) -> pd.Series:
    """Numbers such as 3000, € 3.500,00, 12 %, 3.5万, 12k, 1.2m, (300): thousands in groups of three, brackets are a minus."""
    kinds = texts.unique()
    if 3 * len(kinds) < len(texts):
        return texts.map(dict(zip(kinds, numbers(pd.Series(kinds, dtype=object), decimal), strict=True))).astype(float)
    plain = texts.str.normalize("NFKC").str.replace(_CURRENCY, "", regex=True)
    plain = plain.str.replace(r"^\(([^()+-]+)\)$", r"-\1", regex=True)
    group = "," if decimal == "." else "."
    share = plain.str.endswith("%")
    small = plain.str.lower()
    units = [(small.str.match(rf"^.*\d{sign}$"), times) for sign, times in _UNITS.items()]
    plain = plain.str.rstrip("%" + "".join(_UNITS) + "KM")
    point, comma = "\\" + decimal, "\\" + group
    fits = plain.str.match(rf"^[+-]?(?:\d+|\d{{1,3}}(?:{comma}\d{{3}})+)?(?:{point}\d*)?(?:[eE][+-]?\d+)?$")
    plain = plain.str.replace(group, "", regex=False).str.replace(decimal, ".", regex=False)
    found = pd.to_numeric(plain.where(fits), errors="coerce")
    found = found * np.where(share, 0.01, 1.0)
    for has, times in units:
        found = found * np.where(has, times, 1.0)
    return found


def durations(texts: pd.Series) -> pd.Series:
    """Milliseconds of 04:25:39, 1 day, 4:25:39 or a plain number of seconds."""
    parts = texts.str.strip().str.extract(_DURATION).astype(float)
    clock = parts["d"].fillna(0) * 24 + parts["h"]
    found = (clock * 60 + parts["m"]) * 60 + parts["s"].fillna(0)
    return found.fillna(pd.to_numeric(texts, errors="coerce")) * 1000


def flags(texts: pd.Series) -> pd.Series:
    """1 for yes, 0 for no, NaN for anything else."""
    small = texts.str.strip().str.lower()
    return pd.Series(np.where(small.isin(YES), 1.0, np.where(small.isin(NO), 0.0, np.nan)), index=texts.index)


def holds(table: pd.DataFrame, conditions: dict) -> pd.Series:
    """Rows in which every condition holds: column to text, list of texts, missing, present or a comparison with a number."""
    mask = pd.Series(True, index=table.index)
    for column, wanted in conditions.items():
        mask &= _compared(table[column], wanted)
    return mask


def _compared(texts: pd.Series, wanted) -> pd.Series:
    if isinstance(wanted, list):
        return texts.isin([str(each) for each in wanted])
    if wanted in ("missing", "present"):
        return (texts == "") == (wanted == "missing")
    written = str(wanted)
    for sign, name in ((">=", "ge"), ("<=", "le"), ("!=", "ne"), (">", "gt"), ("<", "lt")):
        if written.startswith(sign):
            rest = written[len(sign) :].strip()
            if sign == "!=":
                return texts != rest
            return getattr(pd.to_numeric(texts, errors="coerce"), name)(float(rest))
    return texts == written
