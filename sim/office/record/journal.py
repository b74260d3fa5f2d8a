"""The journal as a table, and on disk as Parquet, CSV or XES."""

from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from policies.engine.layout import Layout
from policies.language.policy import Policy
from policies.record.fields import Field
from policies.record.records import EVENTS, RECORD_KINDS, UNIT_KIND, fields_of, has_column

SUFFIXES = (".parquet", ".csv", ".xes")


def field_in(policy: Policy, layout: Layout, kind: str, place: int) -> Field | None:
    """The field of a kind of record that stands in a column; None for none, or where an earlier policy declared the kind."""
    of = policy.kind(kind)
    if of not in RECORD_KINDS and of not in policy.record_kinds:
        return None
    there = (each for each in fields_of(of) if (kind, each.name) in layout or has_column(of, each.name))
    return next((each for each in there if layout.place(of, each.name) == place), None)


def journal_frame(rows: np.ndarray, units: list[str], policy: Policy, layout: Layout) -> pd.DataFrame:
    """Journal rows with names instead of codes; instants are UTC timestamps."""
    kinds = np.array(layout.kinds, dtype=object)[rows["kind"]]
    columns = rows["column"]
    pairs = {*zip(kinds, columns.tolist(), strict=True)}
    known = {(kind, place): field_in(policy, layout, kind, place) for kind, place in pairs}
    names = {pair: each.name for pair, each in known.items() if each is not None}
    fields = [names.get(pair) for pair in zip(kinds, columns.tolist(), strict=True)]
    rules = [policy.rules[rule].id if 0 <= rule < len(policy.rules) else None for rule in rows["rule"]]
    actors = [units[actor] if 0 <= actor < len(units) else None for actor in rows["actor"]]
    return pd.DataFrame(
        {
            "number": rows["number"],
            "recorded_at": pd.to_datetime(rows["recorded_at"], unit="ms", utc=True),
            "acted_at": pd.to_datetime(rows["acted_at"], unit="ms", utc=True),
            "event": np.array(EVENTS, dtype=object)[rows["event"]],
            "kind": kinds,
            "record": rows["row"],
            "actor": actors,
            "field": fields,
            "value": rows["value"],
            "rule": rules,
            "due_at": pd.to_datetime(np.where(rows["due_at"] < 0, np.iinfo(np.int64).min, rows["due_at"]), unit="ms", utc=True),
        }
    )


def write_journal(frame: pd.DataFrame, path: Path) -> Path:
    """Write a journal; the suffix decides the format. Raises ValueError for another suffix."""
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: a journal is written as {', '.join(SUFFIXES)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        frame.to_csv(path, index=False, encoding="utf-8-sig")
    else:
        path.write_text(_xes(frame), encoding="utf-8")
    return path


def _xes(frame: pd.DataFrame) -> str:
    """IEEE 1849 event log: one trace per lead, opportunity, customer or request, one event per journal number."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">',
        '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>',
        '<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>',
        '<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>',
    ]
    cases = frame[frame["kind"] != RECORD_KINDS[UNIT_KIND]]
    for (kind, record), rows in cases.groupby(["kind", "record"], sort=False):
        lines.append(f'<trace><string key="concept:name" value="{kind}-{record}"/>')
        for _, event in rows.groupby("number", sort=False):
            lines.append(_xes_event(event))
        lines.append("</trace>")
    return "\n".join([*lines, "</log>", ""])


def _xes_event(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    parts = [
        f'<event><string key="concept:name" value="{first["event"]}"/>',
        f'<date key="time:timestamp" value="{first["recorded_at"].isoformat()}"/>',
    ]
    if first["actor"]:
        parts.append(f'<string key="org:resource" value="{escape(first["actor"])}"/>')
    if first["rule"]:
        parts.append(f'<string key="rehearse:rule" value="{escape(first["rule"])}"/>')
    parts += [
        f'<float key="{name}" value="{value}"/>' for name, value in zip(rows["field"], rows["value"], strict=True) if name
    ]
    return "".join([*parts, "</event>"])
