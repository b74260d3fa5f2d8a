"""Work on dropped files in the background: looking at them, and bringing them in."""

import logging
from abc import abstractmethod
from pathlib import Path
from threading import Lock

from apps.data.draft import Account, Draft, Shown, ShownColumn, ShownDeal, ShownTable, account, question
from apps.data.places import clear, kept_mapping, private_folder
from apps.pages.background import Ended, Job
from coach.guessing.guess import Guess, guess
from coach.guessing.kept import fitting, known_by, write_mapping
from coach.guessing.preview import first_deals
from coach.guessing.sources import Raw, tables
from coach.guessing.telling import SHOWN_ROWS, meanings, roles
from coach.mapping.archives import source_name, unpack_within
from coach.mapping.document import Mapping
from coach.mapping.files import MappingError
from coach.mapping.importing import Step, read_folder, rehearse_storing, store_reading
from coach.mapping.loader import load_mapping
from coach.mapping.reading import Reading
from coach.problems import CoachError
from coach.rules.service import Service
from policies.documents.errors import PolicyError
from policies.language.quantities import Text

_log = logging.getLogger("rehearse.pages")
MOST_UNPACKED = 500_000_000
EXAMPLES = 3
_ONE_AT_A_TIME = Lock()
"""Files count as exported when they are read: of two imports that were read at once, the second would be the older one."""
SOURCE = "crm"
"""Where events of a first import of several files come from."""


class StoppedError(Exception):
    """Somebody stopped it; nothing was stored."""


class _OnFiles(Job):
    """Work on the files of one import, for the person `by`. `ended` is told the state and the draft as it is then, or why there
    is none."""

    outcome: str

    def __init__(self, name: str, draft: Draft, service: Service, by: str, ended: Ended):
        super().__init__(name, ended)
        self.by = by
        self.draft, self.service, self.store = draft, service, service.store
        self.folder = private_folder(self.store) / draft.folder

    def work(self) -> None:
        """Do it, and say what came of it."""
        try:
            draft = self.result()
        except StoppedError:
            self.ended("stopped", {})
        except CoachError as problem:
            self.ended("failed", self._told(problem))
        except Exception as problem:
            kind = type(problem).__name__
            en, zh = f"This could not be done ({kind}). Nothing was stored.", f"未能完成（{kind}）。未存储任何内容。"
            self.ended("failed", {"en": en, "zh": zh})
            raise
        else:
            self.ended(self.outcome, {"draft": draft.model_dump(mode="json")})

    @abstractmethod
    def result(self) -> Draft:
        """The draft afterwards."""

    def tell(self, step: Step) -> None:
        """Take note of how far it is; ends the work where somebody stopped it."""
        if self.cancel.is_set():
            raise StoppedError
        super().tell(step)

    def read(self, mapping: Mapping) -> Reading:
        """What the files tell by a mapping."""
        exported = self.draft.exported_at
        zone = None if exported is None or self.store.is_fresh else self.store.calendar.zone
        return read_folder(
            self.folder, mapping, now=self.service.clock(), exported_at=exported, zone=zone, told=self.tell
        )  # fmt: skip

    def _told(self, problem: CoachError) -> dict[str, str]:
        """A problem with the names of files, not with where they lie on the server."""
        place, names = str(self.folder), ", ".join(self.draft.files)
        return {
            language: getattr(problem, language).replace(f"{place}/", "").replace(place, names) for language in ("en", "zh")
        }

    def check_files(self) -> None:
        """Raises CoachError where the files are gone."""
        if not self.folder.is_dir():
            raise CoachError(
                "The files are no longer here: they are kept for a week. Drop them again.",
                "文件已不在此处（保留一周），请重新拖入。",
            )


class LookJob(_OnFiles):
    """What the files seem to mean, and what would become of them; nothing is stored."""

    outcome = "looked"

    def result(self) -> Draft:
        """The draft with what is to be shown."""
        self.check_files()
        self.tell(Step("open", 0, 1))
        unpack_within(self.folder, MOST_UNPACKED)
        raw = tables(self.folder)
        known, broken = self._known()
        kept = None if known is None or self.draft.anew else fitting(known, raw)
        found = guess(raw, self._answers(), source=self._source(known)) if kept is None else None
        mapping = kept if found is None else found.mapping
        assert mapping is not None
        reading, fault = self._read(mapping)
        is_open = fault is not None or (found is not None and bool(found.open))
        shown = Shown(
            tables=_tables(raw, mapping), columns=_columns(found, raw), questions=self._questions(found),
            deals=[] if reading is None else _deals(reading, mapping),
            account=None if is_open or reading is None else self._account(reading, mapping),
            mapping=mapping.model_dump(mode="json", exclude_defaults=True),
            kept=None if kept is None else kept_mapping(self.store).name, broken=broken, fault=fault,
        )  # fmt: skip
        return self.draft.model_copy(update={"shown": shown})

    def _known(self) -> tuple[Mapping | None, bool]:
        """The kept mapping, and whether there is one that cannot be read."""
        place = kept_mapping(self.store)
        if not place.is_file():
            return None, False
        try:
            return load_mapping(place), False
        except PolicyError:
            return None, True

    def _answers(self) -> dict[str, str]:
        """A person's answers. A store gives its time zone and currency to the next export, unless they say others."""
        return known_by(self.store) | self.draft.answers

    def _source(self, known: Mapping | None) -> str:
        """Where events come from, named as in the terminal. Later imports keep the name of the first, however their files are
        called: an event counts once."""
        if known is not None:
            return known.source
        return source_name(self.draft.files[0]) if len(self.draft.files) == 1 else SOURCE

    def _read(self, mapping: Mapping) -> tuple[Reading | None, Text | None]:
        try:
            return self.read(mapping), None
        except MappingError as problem:
            return None, Text(**self._told(problem))

    def _questions(self, found: Guess | None):
        """The doubts, and those that were doubts until they were answered: an answer can be changed."""
        if found is None:
            return []
        asked = {each.key: question(each, self.draft.answers) for each in found.doubts}
        before = [] if self.draft.shown is None else self.draft.shown.questions
        settled = [
            each.model_copy(update={"chosen": self.draft.answers[each.key], "open": False})
            for each in before
            if each.key in self.draft.answers and each.key not in asked
        ]
        places = {each.key: place for place, each in enumerate(before)}
        return sorted([*asked.values(), *settled], key=lambda each: places.get(each.key, len(places)))

    def _account(self, reading: Reading, mapping: Mapping) -> Account:
        return account(rehearse_storing(reading, mapping, self.store, told=self.tell), mapping)


def _tables(raw: list[Raw], mapping: Mapping) -> list[ShownTable]:
    return [
        ShownTable(file=each.file, sheet=each.sheet, rows=len(each.cells), role=role)
        for each, role in zip(raw, roles(mapping, raw), strict=True)
    ]


def _columns(found: Guess | None, raw: list[Raw]) -> list[ShownColumn]:
    told = [] if found is None else meanings(found, raw, EXAMPLES)
    return [ShownColumn(concept=each.concept, name=each.column, examples=[*each.examples]) for each in told]


def _deals(reading: Reading, mapping: Mapping) -> list[ShownDeal]:
    deals = first_deals(reading, mapping, SHOWN_ROWS)
    return [ShownDeal(**each._asdict() | {"amount": each.amount_text}) for each in deals]


class ImportJob(_OnFiles):
    """Brings the files in by the mapping that was shown, in one transaction, and has the rules work them off."""

    outcome = "done"

    def result(self) -> Draft:
        """The draft with what came of it. From the end of the transaction on there is no way back, and nothing fails."""
        self.check_files()
        shown = self.draft.shown
        if shown is None or shown.account is None:
            raise CoachError("There are open questions. Answer them first.", "还有未回答的问题，请先回答。")
        mapping = Mapping.model_validate(shown.mapping)
        with _ONE_AT_A_TIME:
            report = store_reading(self.read(mapping), mapping, self.store, by=self.by, told=self.tell)
        kept = self._keep(mapping)
        self._work_off()
        clear(self.folder)
        rest = shown.model_copy(update={"deals": [], "columns": [], "account": None})
        return self.draft.model_copy(update={"shown": rest, "done": account(report, mapping), "mapping_kept": kept})

    def _keep(self, mapping: Mapping) -> str | None:
        place: Path = kept_mapping(self.store)
        try:
            write_mapping(mapping, place)
        except OSError:
            _log.exception("the mapping could not be kept")
            return None
        return place.name

    def _work_off(self) -> None:
        try:
            self.service.tick()
        except Exception:  # what was brought in stays, and the rules take it up when they next work
            _log.exception("the rules could not work off what was imported")
