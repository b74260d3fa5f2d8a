"""The dojo's first view: drills to start, the chair, and what is under way."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.dojo.words import money
from apps.pages.frame import STYLE, block
from apps.pages.instants import clock
from apps.pages.keeping import Kept
from apps.pages.shelves import drills, offices, policies, titles

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


def draw(dojo) -> pn.viewable.Viewable:
    """The whole view."""
    say = dojo.site.say
    sessions = dojo.keeping.all("play", "quarter")
    problem = [block(f"<p class='callout worse'>{escape(say(dojo.problem))}</p>")] if dojo.problem else []
    mark = max(drill.rubric.pass_at for drill in drills().values())
    return pn.Column(
        *problem,
        block(f"<h1>{escape(say('home.title'))}</h1><p class='lead'>{escape(say('home.lead'))}</p>"),
        block(f"<h2>{escape(say('home.drills'))}</h2><p class='lead'>{escape(say('home.drills_lead', mark=mark))}</p>"),
        pn.Column(*(_drill(dojo, name, sessions) for name in drills()), css_classes=["cards"], **_WIDE),
        block(f"<h2>{escape(say('home.chair'))}</h2><p class='lead'>{escape(say('home.chair_lead'))}</p>"),
        _chair(dojo),
        block(f"<h2>{escape(say('home.sessions'))}</h2>"),
        *([_session(dojo, kept) for kept in sessions] or [block(f"<p class='note'>{escape(say('home.none'))}</p>")]),
        **_WIDE,
    )


def _drill(dojo, name: str, sessions: list[Kept]) -> pn.viewable.Viewable:
    say, roleplay = dojo.site.say, drills()[name]
    points = [kept.state["points"] for kept in sessions if kept.state.get("drill") == name and "points" in kept.state]
    best = f"<p class='note'>{escape(say('home.best', points=f'{max(points):g}'))}</p>" if points else ""
    words = f"<span class='tag'>{escape(say.both(roleplay.business))}</span><h3>{escape(say.both(roleplay.title))}</h3>"
    button = pmui.Button(label=say("home.start"), on_click=lambda _: dojo.start_drill(name), css_classes=[f"start-{name}"])
    return pn.Column(
        block(f"{words}<p class='lead'>{escape(say.both(roleplay.goal))}</p>{best}"), button, css_classes=["box"], **_WIDE
    )


def _chair(dojo) -> pn.viewable.Viewable:
    say = dojo.site.say
    office = pmui.Select(
        label=say("home.office"), options=titles(offices(), say.language), size="small", sizing_mode="stretch_width"
    )
    policy = pmui.Select(
        label=say("home.policy"), options=titles(policies(), say.language), size="small", sizing_mode="stretch_width"
    )
    number = pmui.IntInput(label=say("home.draw"), value=7, start=1, end=9999, size="small", sizing_mode="stretch_width")
    button = pmui.Button(label=say("home.sit"), css_classes=["sit"])

    def sit(_):
        button.loading = True
        dojo.start_quarter(office.value, policy.value, number.value)

    button.on_click(sit)
    return pn.Column(pn.Column(office, policy, number, css_classes=["form"], **_WIDE), button, css_classes=["box"], **_WIDE)


def _session(dojo, kept: Kept) -> pn.viewable.Viewable:
    say = dojo.site.say
    changed = clock(dojo.store, kept.changed_at)
    words = f"<b>{escape(kept.title[dojo.site.language])}</b> <span class='note'>{changed}</span><br>{escape(told(say, kept))}"
    button = pmui.Button(label=say("home.open"), variant="outlined", size="small", on_click=lambda _: dojo.show(kept.id))
    return pn.Row(block(words), button, css_classes=["box"], **_WIDE)


def told(say, kept: Kept) -> str:
    """How a session stands, in a line."""
    state = kept.state
    if kept.kind == "play":
        if "points" in state:
            return say("home.passed" if state["passed"] else "home.failed", points=f"{state['points']:g}")
        return say("home.going", turn=state["turn"])
    if state["week"] < state["weeks"]:
        return say("home.week", week=state["week"] + 1, weeks=state["weeks"])
    return say("home.done", money=money(say.language, state["ahead"]))
