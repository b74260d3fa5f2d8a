"""`rehearse case` and `rehearse cases`: what the office says to vendors' claims."""

from pathlib import Path

import click

from apps.cli.base import Command, common, option
from apps.cli.language import language
from apps.cli.output import console, show_text, table, tell, write_json, write_text
from apps.cli.progress import announce_compiling, bar
from apps.cli.texts import pick, say


@click.command("case", cls=Command)
@click.argument("case_id", metavar="ID")
@option("--worlds", text="option.worlds_drawn", type=click.IntRange(8, 400), default=60)
@common(seed=True)
def case(case_id, worlds, seed, json_file):
    """One case: before, predicted and claimed."""
    from scenarios.cases.case import load_case
    from scenarios.cases.page import document

    found = _rehearsed([load_case(case_id)], worlds, seed)
    _show(found[0])
    write_json(json_file, document(found)[0])


@click.command("cases", cls=Command)
@option("--worlds", text="option.worlds_drawn", type=click.IntRange(8, 400), default=60)
@option("--page", type=click.Path(dir_okay=False))
@common(seed=True)
def cases(worlds, page, seed, json_file):
    """All cases in one table."""
    from scenarios.cases.case import case_ids, load_case
    from scenarios.cases.page import document, page_of

    found = _rehearsed([load_case(each) for each in case_ids()], worlds, seed)
    for each in found:
        _show(each, alone=False)
    if page:
        write_text(page, page_of(found, language.get()))
        tell(f"{say('written')} {Path(page)}")
    write_json(json_file, document(found))


def _rehearsed(chosen, worlds, seed):
    from scenarios.cases.run import PAIRS, rehearse

    announce_compiling()
    found = []
    for each in chosen:
        with bar(f"{each.id} {pick(each.title.en, each.title.zh)}", worlds * PAIRS) as advance:
            found.append(rehearse(each, worlds=worlds, seed=seed, progress=advance))
    return found


def _show(rehearsed, *, alone=True) -> None:
    from scenarios.cases.page import effect_words, text, told_change, verdict_words, written

    case, tongue = rehearsed.case, language.get()
    columns = ["figure", "rules", "before", "claimed", "predicted", "interval", "worlds", "verdict"]
    shown = table(f"{case.id} {pick(case.title.en, case.title.zh)}", *(text(key, tongue) for key in columns))
    for finding in rehearsed.findings:
        told = finding.told
        name = pick(told.name.en, told.name.zh)
        before = f"{written(told, told.before)} / {written(told, finding.before)}"
        verdict = verdict_words(finding, tongue)
        if not finding.effects:
            shown.add_row(name, "", before, told_change(finding), "–", "–", "–", verdict)
        for effect in finding.effects if alone else finding.effects[-1:]:
            whole = effect.rules == "together"
            words = (name, before, told_change(finding), verdict) if whole else ("", "", "", "")
            rules = text("together", tongue) if whole else effect.rules
            shown.add_row(words[0], rules, words[1], words[2], *effect_words(finding, effect), words[3])
    console().print(shown)
    for finding in rehearsed.findings:
        told = finding.told
        name = pick(told.name.en, told.name.zh)
        if told.cannot is not None:
            show_text(f"{name}: {pick(told.cannot.en, told.cannot.zh)}")
        if told.caution is not None:
            show_text(f"{name}: {pick(told.caution.en, told.caution.zh)}")
        if told.would is not None and finding.verdict in ("partly", "not_supported", "cannot"):
            show_text(f"{name} – {text('would', tongue)}: {pick(told.would.en, told.would.zh)}")
        if finding.reproduced is False:
            show_text(f"{name} – {text('before', tongue)}: {text('missed', tongue)}")
