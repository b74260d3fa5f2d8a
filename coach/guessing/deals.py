"""The table of deals: how they begin, how they end, and what is recorded of them."""

from collections.abc import Mapping as Answers
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from coach.guessing.aside import rows_aside
from coach.guessing.columns import Column, assigned
from coach.guessing.day_and_month import settled
from coach.guessing.doubts import ASKED, Doubt, what_became, what_of_unread, which_column, which_is_won, which_times
from coach.guessing.headings import language_of, times_above, times_of
from coach.guessing.ids import telling
from coach.guessing.money import money_of
from coach.guessing.outcomes import Stages, codes_of, says_lost, stages_of
from coach.guessing.sources import Raw, document_of
from coach.guessing.stage_names import named_stages
from coach.mapping import parsing
from coach.mapping.building import joined_ids

MOST_CHOICES = 12
LEAST_SHARE = 0.5
"""An amount that open and lost deals have less often than this share of the won ones was learnt at the end."""


MOST_UNREAD = 0.02
"""Share of rows whose dates are set aside without a question."""


class Deals(NamedTuple):
    """The table in the mapping's words, the columns by concept, values of stages, the language and the firm's currency as far
    as the table tells them, doubts; `raw` are the rows."""

    raw: Raw
    table: dict[str, Any]
    columns: dict[str, Column]
    stages: Stages
    stage_column: str | None
    language: str | None
    currency: str | None
    doubts: list[Doubt]

    @property
    def ids(self) -> pd.Series:
        """The deals' own ids."""
        own = self.table["id"]
        return joined_ids(self.raw.cells, [own] if isinstance(own, str) else own)


def deals_of(
    raw: Raw, about: list[Column], answers: Answers[str, str], others: Sequence[tuple[Raw, list[Column]]] = ()
) -> Deals:
    """What a table of deals says; `others`: tables beside it with their columns, which may say what its stages are."""
    said = {concept: answers[f"column.{concept}"] for concept in ASKED if f"column.{concept}" in answers}
    found = assigned(about, "deal", said)
    making = _Making(raw, about, found.columns, found.rivals, answers, list(others))
    return making.deals()


class _Making:
    def __init__(
        self,
        raw: Raw,
        about: list[Column],
        columns: dict[str, Column],
        rivals: dict[str, list[str]],
        answers: Answers[str, str],
        others: list[tuple[Raw, list[Column]]],
    ):
        self.raw, self.columns, self.rivals, self.answers, self.others = raw, columns, rivals, answers, others
        self.dates, self.doubts = settled(raw.cells, about, columns, answers.get("day_or_month"))
        self._ask_unread()
        self.language = language_of(raw.cells)
        self.money = money_of(raw, columns, answers, self.language)
        self.stage_column, self.stages = self._stages()

    def deals(self) -> Deals:
        self._ask_columns()
        self._ask_times()
        table = document_of(self.raw, "deals", self._id()) | {"kind": "opportunity", "snapshot": True}
        aside, doubts = rows_aside(self.raw, self.columns, self.answers)
        self.doubts += [*self.money.doubts, *doubts]
        if aside:
            table["set_aside"] = aside
        won, lost = self._ends()
        table["events"] = [self._registered(), *self._events(won, lost)]
        return Deals(
            self.raw, table, self.columns, self.stages, self.stage_column, self.language, self.money.firm, self.doubts
        )

    def _cells(self, concept: str) -> pd.Series:
        return self.raw.cells[self.columns[concept].name]

    def _id(self) -> str | list[str]:
        return self.columns["id"].name if "id" in self.columns else telling(self.raw, self.columns)

    def _stages(self) -> tuple[str | None, Stages]:
        chance = (
            parsing.numbers(self._cells("probability"), self.columns["probability"].decimal)
            if "probability" in self.columns
            else None
        )
        said = {key.removeprefix("stage."): value for key, value in self.answers.items() if key.startswith("stage.")}
        known: dict[str, Stages] = {}
        for name in ("status", "stage"):
            if name in self.columns:
                named = named_stages(self._cells(name), self.others)
                meant = codes_of(self.columns[name].name) | named.fates | said
                known[name] = named.ordered(stages_of(self._cells(name), chance, meant))
        telling = [concept for concept, stages in known.items() if stages.won]
        if not telling:
            concept = "stage" if "stage" in known else next(iter(known), None)
            if concept is None:
                return None, Stages([], [], [])
            if not {"won", "won_at"} & self.columns.keys():
                self._ask_won(concept)
            return self.columns[concept].name, known[concept]
        concept = telling[0]
        order = known["stage"].order if "stage" in known else []
        self._ask_unsure(concept, known[concept])
        return self.columns[concept].name, known[concept]._replace(order=order or known[concept].order)

    def _ask_won(self, concept: str) -> None:
        counts = self._cells(concept).replace("", pd.NA).dropna().value_counts()
        values = [str(value) for value in counts.index[:MOST_CHOICES]]
        chosen = self.answers.get("won", "")
        self.doubts.append(which_is_won(self.columns[concept].name, values, chosen, decisive="won" not in self.answers))

    def _ask_unsure(self, concept: str, stages: Stages) -> None:
        """Values that say neither won nor lost, and nearly all of whose deals have an end, which open ones lack."""
        if "closed" not in self.columns:
            return
        values, ended = self._cells(concept), self._cells("closed") != ""
        shares = ended.groupby(values).mean()
        rest = [value for value in shares.index if value and value not in (*stages.won, *stages.lost)]
        if shares.min() > 0.5:
            return
        for value in (*stages.won, *(value for value in stages.lost if not says_lost(value))):
            if value in shares.index and shares[value] < 0.5 < shares.max() and f"stage.{value}" not in self.answers:
                self.doubts.append(what_became(value, "won" if value in stages.won else "lost"))
        for value in rest:
            if shares[value] > 0.9 and (values == value).sum() >= 3 and f"stage.{value}" not in self.answers:
                self.doubts.append(what_became(value))

    def _ask_columns(self) -> None:
        used = {column.name for column in self.columns.values()}
        free = [str(name) for name in self.raw.cells.columns if str(name) not in used][:MOST_CHOICES]
        for concept in ASKED:
            rivals, asked = self.rivals.get(concept, []), f"column.{concept}" not in self.answers
            if concept in self.columns and rivals:
                self.doubts.append(which_column(concept, [self.columns[concept].name, *rivals], missing=False))
            elif self._lacks(concept) and (asked or concept in self.columns) and (free or concept == "created"):
                self.doubts.append(which_column(concept, free, missing=True))

    def _ask_unread(self) -> None:
        """Rows whose day of creation is a date that cannot be read would be set aside."""
        if "created" not in self.dates or "unread" in self.answers:
            return
        cells = self._cells("created")
        read = parsing.instants(cells, self.dates["created"].formats, "start", "UTC").notna()
        unread = cells[~read & cells.str.contains(r"\d\D+\d")]
        if len(unread) > MOST_UNREAD * len(cells):
            self.doubts.append(what_of_unread(self.columns["created"].name, len(unread), len(cells), unread.iloc[0]))

    def _lacks(self, concept: str) -> bool:
        """Whether no column says who owns a deal or when it was created, or one that should hold dates holds none."""
        if concept in self.columns:
            return concept in ("created", "closed") and concept not in self.dates
        return concept in ("created", "owner")

    def _ends(self) -> tuple[dict, dict]:
        """When a row says that its deal is won, and lost."""
        won, lost = self._flagged()
        if won is None:
            chosen = self.answers.get("won")
            values = [chosen] if chosen else self.stages.won
            won = {self.stage_column: values} if self.stage_column and values else {}
            if not won and "won_at" in self.columns:
                won = {self.columns["won_at"].name: "present"}
        if lost is None:
            lost = self._lost_by_reason(won)
        if lost is None:
            lost = {self.stage_column: self.stages.lost} if self.stage_column and self.stages.lost else {}
            if not lost and "lost_at" in self.columns:
                lost = {self.columns["lost_at"].name: "present"}
        return won, lost

    def _lost_by_reason(self, won: dict) -> dict | None:
        """By the reason of a loss, where nothing else tells a lost deal; of deals called won, those with a reason are not."""
        if self.stages.lost or "lost_reason" not in self.columns or not won:
            return None
        reason = self.columns["lost_reason"].name
        if (self._cells("lost_reason")[parsing.holds(self.raw.cells, won)] != "").any():
            won[reason] = "missing"
        return {reason: "present"}

    def _flagged(self) -> tuple[dict | None, dict | None]:
        """By yes and no, where the export has such columns; deals that are lost and put away by Odoo are no longer active."""
        won = lost = None
        if "won" in self.columns:
            yes, no = _yes_and_no(self._cells("won"))
            won = {self.columns["won"].name: yes} if yes else None
            if "closed_flag" in self.columns and won is not None:
                ended, _ = _yes_and_no(self._cells("closed_flag"))
                lost = {self.columns["closed_flag"].name: ended, self.columns["won"].name: no} if ended and no else None
            elif no and (self._cells("won") == "").any() and not self.stages.lost:
                lost = {self.columns["won"].name: no}  # what is open has neither
        if lost is None and "active" in self.columns and not self.stages.lost and self.stages.won and self.stage_column:
            _, no = _yes_and_no(self._cells("active"))
            others = [value for value in self.raw.cells[self.stage_column].unique() if value not in self.stages.won]
            lost = {self.columns["active"].name: no, self.stage_column: others} if no else None
        return won, lost

    def _instant(self, concept: str | None, **more) -> dict:
        if concept is None or concept not in self.dates:
            return {}
        told: dict[str, Any] = {"column": self.columns[concept].name}
        formats = self.dates[concept].formats
        if formats != ("iso",):
            told["formats"] = list(formats)
        return told | more

    def _registered(self) -> dict:
        event: dict[str, Any] = {"event": "registered", "at": self._instant("created", missing="set_aside") or {}}
        if "owner" in self.columns:
            event["unit"] = self.columns["owner"].name
        payload = self._payload(("owner", "customer", "source", "product", "title", "phone", "tax_number"))
        if self._amount_from_the_start():
            payload |= self._amount("amount")
        if "expected" in self.dates:
            payload["close_at"] = self._instant("expected")
        return event | {"payload": payload}

    def _events(self, won: dict, lost: dict) -> list[dict]:
        ends: list[dict] = []
        late = {} if self._amount_from_the_start() else self._amount("amount")
        if won:
            at = self._instant("won_at" if "won_at" in self.dates else "closed", time="end", missing="export")
            ends.append({"event": "won", "when": won, "at": at, "payload": (self._amount("actual") or late)})
        if lost:
            at = self._instant("lost_at" if "lost_at" in self.dates else "closed", time="end", missing="export")
            ends.append({"event": "lost", "when": lost, "at": at, "payload": late | self._payload(("lost_reason",))})
        opened = self._open_values()
        if self.stage_column and opened:
            if late:
                ends.append({"event": "field_recorded", "when": {self.stage_column: opened}, "at": {}, "payload": late})
            if "expected" not in self.dates and "closed" in self.dates:
                column = self.columns["closed"].name
                ends.append({"event": "forecast", "when": {self.stage_column: opened, column: "present"}, "at": {},
                             "payload": {"close_at": self._instant("closed", time="end")}})  # fmt: skip
        ends += self._steps()
        return [
            each if each["payload"] else {name: value for name, value in each.items() if name != "payload"} for each in ends
        ]

    def _open_values(self) -> list[str]:
        chosen = self.answers.get("won")
        ended = {*self.stages.won, *self.stages.lost, chosen}
        if self.stage_column is None:
            return []
        return [value for value in self.raw.cells[self.stage_column].unique() if value and value not in ended]

    def _steps(self) -> list[dict]:
        """The stage of an open deal at the export, where the order of stages is known."""
        if "stage" not in self.columns or len(self.stages.order) < 2:
            return []
        name, order = self.columns["stage"].name, self.stages.order
        numbers = {value: place for place, value in enumerate(order, start=1)}
        when: dict[str, Any] = {name: order[1:]}
        if self.stage_column and self.stage_column != name:
            when[self.stage_column] = self._open_values()
        return [{"event": "advanced", "when": when, "at": {}, "payload": {"stage": {"column": name, "values": numbers}}}]

    def _payload(self, concepts: tuple[str, ...]) -> dict[str, Any]:
        own = {"owner": "owner", "customer": "customer"}
        return {own.get(each, f"custom.{each}"): self.columns[each].name for each in concepts if each in self.columns}

    def _amount(self, concept: str) -> dict[str, Any]:
        if concept not in self.columns:
            return {}
        column = self.columns[concept]
        told: dict[str, Any] = {"column": column.name}
        if column.decimal == ",":
            told["decimal"] = ","
        if (times := self._times(column.name)) != 1.0:
            told["times"] = times
        if column.name in self.money.told:
            told["currency"] = {"constant": self.money.told[column.name]}
        elif "currency" in self.columns:
            told["currency"] = self.columns["currency"].name
        return {"amount": told}

    def _times(self, heading: str) -> float:
        """What one of a column's numbers is: as its heading says, or what stands above the table."""
        own = times_of(heading)
        return float(self.answers.get("times", times_above(self.raw.above))) if own == 1.0 else own

    def _ask_times(self) -> None:
        """Where only a line above the table says it, it may mean something else."""
        above = times_above(self.raw.above)
        if "amount" in self.columns and above != 1.0 and times_of(self.columns["amount"].name) == 1.0:
            self.doubts.append(which_times(self.answers.get("times", f"{above:.0f}")))

    def _amount_from_the_start(self) -> bool:
        """Whether open and lost deals have their amounts as won ones do."""
        if "amount" not in self.columns or self.stage_column is None:
            return True
        is_won = self.raw.cells[self.stage_column].isin(self.stages.won)
        filled = self._cells("amount") != ""
        return bool(not is_won.any() or is_won.all() or filled[~is_won].mean() >= LEAST_SHARE * filled[is_won].mean())


def _yes_and_no(cells: pd.Series) -> tuple[list[str], list[str]]:
    values = [value for value in cells.unique() if value]
    yes = [value for value in values if value.lower() in parsing.YES]
    return yes, [value for value in values if value not in yes]
