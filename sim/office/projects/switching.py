"""Another policy, with other kinds of record: what an office's records are told in, and projects that nobody had entered."""

from typing import Any

import numpy as np

from policies.engine.following import follow_all, following, forget
from policies.engine.layout import Layout
from policies.language.policy import Policy
from sim.office.engine.clocks import enlarged, with_room_for_links
from sim.office.engine.world import World
from sim.office.projects.plan import ROLE, name_choices, recorded_as
from sim.office.projects.records import enter_project
from sim.office.scenario import Projects


def recording_under(o: World, policy: Policy, projects: Projects, layout: Layout | None) -> World:
    """The office with the columns of a policy's kinds, and with what comes over its links worked out."""
    if layout is None:
        return o
    forget(o.book, o.links)
    values = o.book.values
    if layout.width > values.shape[1]:
        wider = np.full((len(values), layout.width), np.nan)
        wider[:, : values.shape[1]] = values
        values = wider
    codes, roles, columns = recorded_as(policy, layout)
    name_choices(o.departments, projects, policy)
    changes: dict[str, Any] = {"kind_codes": codes, "kind_roles": roles, "part_columns": columns}
    if len(o.edge_heads) < len(values):
        changes |= with_room_for_links(o, len(values))
    o = o._replace(book=o.book._replace(values=values), links=following(policy, layout), **changes)
    follow_all(o.book, o.links, o.edges, o.edge_heads, o.edge_marks, o.edge_queue[0], o.edge_queue[1])
    return o


def with_projects_entered(o: World) -> World:
    """The office after its people have entered the projects that are under way, where a policy is the first to ask for it."""
    if max(o.kind_codes[ROLE["milestone"]], o.kind_codes[ROLE["task"]]) < 0:
        return o
    for project in range(int(o.state[0].projects)):
        if o.projects[project].finished_at == 0:
            o = enlarged(o)
            enter_project(o, project)
    return enlarged(o)
