"""The verdict as one self-contained HTML page that opens without a network and holds both languages."""

import base64
import csv
import io
import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from markupsafe import Markup

from sim.experiment.report import course, frame, plots, reading
from sim.experiment.report.both import LANGUAGES, Both, percent, span, value
from sim.experiment.report.texts import text
from sim.experiment.verdict.calls import better_when
from sim.experiment.verdict.verdict import Verdict

HERE = Path(__file__).parent


def write_page(verdict: Verdict, path: str | Path, lang: str = "en", *, assumptions: Iterable | None = None) -> Path:
    """Write the page of a verdict.

    Parameters
    ----------
    verdict : what is told
    path : the HTML file to write; its folder is made where it is missing
    lang : "en" or "zh", the language shown first; the page switches without a reload
    assumptions : parameters of the behaviour model that nobody has verified (`name, unit, low, central, high, en, zh`);
        those of the model in use when left out

    Returns
    -------
    The path written. An unknown language is a ValueError.
    """
    charts = frame.embedded(verdict_charts(verdict))
    unverified = unverified_parameters() if assumptions is None else list(assumptions)
    return write_html("verdict.html", path, lang, charts, verdict_view(verdict) | {"assumptions": unverified})


def write_html(template: str, path: str | Path, lang: str, charts: dict, view: dict, folder: Path = HERE) -> Path:
    """Fill a template with a view and its charts and write it. An unknown language is a ValueError.

    `folder`: where the template stands; it may extend `page.html` and use `parts.html`, which stand here.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    if lang not in LANGUAGES:
        raise ValueError(f"lang is {lang!r}; it can be 'en' or 'zh'")
    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=text, value=value, percent=percent, span=span, both=lambda words: Both(words.en, words.zh), reading=reading, same=Both
    )
    html = environment.get_template(template).render(
        lang=lang,
        style=Markup((HERE / "style.css").read_text(encoding="utf-8")),
        bokeh=Markup(frame.script()),
        charts=Markup(json.dumps(charts, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")),
        **view,
    )
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
    return path


def verdict_charts(verdict: Verdict) -> dict:
    """The charts that this verdict has something to show in: name to function of the language."""
    found = {"effect": partial(plots.effect, verdict)}
    if any(x is not None for x in verdict.differences_by_world):
        found["worlds"] = partial(plots.worlds, verdict)
    if sum(look.half_width is not None for look in verdict.looks) > 1:
        found["looks"] = partial(plots.looks, verdict)
    if verdict.costs.hours_per_month:
        found["hours"] = partial(plots.hours, verdict)
    if verdict.drivers.named:
        found["drivers"] = partial(plots.drivers, verdict)
    if verdict.overturn and verdict.overturn.surrogate.influences:
        found["shares"] = partial(plots.shares, verdict)
    for name in verdict.series:
        found[f"weekly-{name}"] = partial(course.weekly, verdict, name)
    found["funnel"] = partial(course.funnel, verdict)
    found["profile"] = partial(course.profile, verdict)
    for arm in ("a", "b"):
        if any(cell is not None for row in getattr(verdict.attainment, arm) for cell in row):
            found[f"attainment-{arm}"] = partial(course.attainment, verdict, arm)
    return found


def verdict_view(verdict: Verdict) -> dict:
    """Everything the template names."""
    return {
        "v": verdict,
        "primary": verdict.metrics[verdict.metric],
        "advice": reading.advice(verdict),
        "tiles": reading.tiles(verdict),
        "shown": set(verdict_charts(verdict)),
        "groups": reading.group_rows(verdict),
        "rails": [reading.rail(result, verdict) for result in verdict.guardrails],
        "attainment_colours": course.ATTAINMENT_COLOURS,
        "command": command(verdict),
        "last_day": (date.fromisoformat(verdict.window.end) - timedelta(days=1)).isoformat(),
        "csv_link": data_link("text/csv;charset=utf-8", "\ufeff" + metrics_csv(verdict)),
        "json_link": data_link("application/json", verdict.to_json()),
    }


def unverified_parameters() -> list:
    """The behaviour parameters that no source backs, as the behaviour model declares them."""
    from sim.office.behaviour import PARAMETERS

    return [parameter for parameter in PARAMETERS if parameter.status == "U"]


def command(verdict: Verdict) -> list[str]:
    """The words of the command line that gives this verdict again."""
    asked = verdict.settings
    return command_words(
        "ab", verdict.policies.a.name, verdict.policies.b.name, scenario=verdict.scenario.name, weeks=f"{asked.weeks:g}",
        metric=verdict.metric, precision=f"{100 * asked.precision:g}%", confidence=f"{100 * asked.confidence:g}%",
        max_pairs=asked.max_pairs, seed=asked.seed, worlds=asked.worlds,
    )  # fmt: skip


def command_words(*words: str, **options: str | int | None) -> list[str]:
    """The words of a `rehearse` command: those given, then the options that have a value; quoted where they hold a blank."""
    for name, asked in options.items():
        if asked is not None:
            words += (f"--{name.replace('_', '-')}", str(asked))
    return [f'"{word}"' if " " in word else word for word in ("rehearse", *words)]


def metrics_csv(verdict: Verdict) -> str:
    """All metrics as CSV, one row each, numbers unrounded; an empty cell is a number that does not exist."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(
        ["metric", "title_en", "title_zh", "unit", "better", "baseline", "variant", "difference", "low", "high", "relative",
         "relative_low", "relative_high", "better_share_of_worlds", "share_low", "share_high", "p_adjusted", "call"]
    )  # fmt: skip
    for name, e in verdict.metrics.items():
        share = e.better_share_of_worlds
        writer.writerow(
            [name, e.title.en, e.title.zh, e.unit, better_when(e.direction), e.baseline.value, e.variant.value, e.difference,
             e.low, e.high, e.relative.value, e.relative.low, e.relative.high, share.value, share.low, share.high, e.p_adjusted,
             e.call]
        )  # fmt: skip
    return lines.getvalue()


def data_link(kind: str, content: str) -> str:
    """A link that carries its content, so that a download needs no network."""
    return f"data:{kind};base64,{base64.b64encode(content.encode('utf-8')).decode('ascii')}"
