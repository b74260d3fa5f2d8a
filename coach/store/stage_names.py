"""What the stages of deals are called where people read of them: as the policy in force says, or the firm's own export."""

from collections.abc import Mapping

from sqlalchemy import Connection

from coach.store import policies
from coach.store.settings import set_setting, setting
from policies.scores.score import Words

_SETTING = "stage_names"


def keep_stage_names(connection: Connection, names: Mapping[int, str]) -> None:
    """Keep what an export calls its stages, by number from 1; others that were told before stay."""
    before = setting(connection, _SETTING, {})
    told = before | {str(number): name for number, name in names.items()}
    if told != before:
        set_setting(connection, _SETTING, told)


def stage_names(connection: Connection) -> dict[int, Words]:
    """Names by number: of the policy in force, unless the firm's exports have more stages than it knows; empty without both."""
    kept = {int(number): Words(name, name) for number, name in setting(connection, _SETTING, {}).items()}
    version = policies.current(connection)
    stages = () if version is None else version.policy.stages
    own = {number: Words(stage.name.en, stage.name.zh) for number, stage in enumerate(stages, start=1)}
    return own if own and len(own) >= max(kept, default=0) else kept


def stage_name(names: Mapping[int, Words], number: float) -> Words:
    """A stage by its name, or by its number where it has none."""
    return names.get(int(number), Words(f"stage {number:.0f}", f"第 {number:.0f} 阶段"))
