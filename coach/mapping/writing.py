"""A mapping as a document that people can read and change."""

import io
from typing import Any

from ruamel.yaml import YAML

from coach.mapping.document import Mapping


def mapping_text(mapping: Mapping) -> str:
    """The YAML document of a mapping, without what is as usual."""
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 120
    yaml.representer.ignore_aliases = lambda _: True
    stream = io.StringIO()
    yaml.dump(_plain(mapping.model_dump(mode="json", exclude_defaults=True)), stream)
    return stream.getvalue()


def _plain(told: Any) -> Any:
    """Lists and mappings that are empty say nothing."""
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items() if value not in ({}, []) or name == "at"}
    return [_plain(each) for each in told] if isinstance(told, (list, tuple)) else told
