"""`rehearse schema`: JSON Schema of the documents."""

import click

from apps.cli.base import Command, common
from apps.cli.output import write_json

DOCUMENTS = ("policy", "scenario", "mapping", "guardrails", "verdict", "validation", "map", "records")


@click.command("schema", cls=Command)
@click.argument("document", type=click.Choice(DOCUMENTS), metavar="|".join(DOCUMENTS))
@common()
def schema(document, json_file):
    """Print the schema, or write it to the JSON file."""
    write_json(json_file or "-", schema_of(document))


def schema_of(document: str) -> dict:
    """The JSON Schema of one kind of document."""
    if document == "policy":
        from policies.documents.schema import policy_schema

        return policy_schema()
    if document == "scenario":
        from sim.office.scenario import Scenario

        return Scenario.model_json_schema()
    if document == "mapping":
        from coach.mapping.loader import mapping_schema

        return mapping_schema()
    if document == "verdict":
        from sim.experiment.verdict.verdict import Verdict

        return Verdict.model_json_schema(mode="serialization")
    if document == "guardrails":
        from coach.validation.document import guardrail_schema

        return guardrail_schema()
    if document == "validation":
        from coach.validation.parts import Validation

        return Validation.model_json_schema(mode="serialization")
    if document == "map":
        from sim.experiment.running.winmap import WinMap

        return WinMap.model_json_schema(mode="serialization")
    return records_schema()


def records_schema() -> dict:
    """JSON Schema of the kinds of record: one definition each, with type, choices and meaning of every field."""
    from policies.record.records import FIELDS

    types = {"flag": {"type": "boolean"}, "text": {"type": "string"}, "instant": {"type": "string", "format": "date-time"}}
    kinds = {}
    for kind, fields in FIELDS.items():
        properties = {}
        for field in fields:
            shape = {"enum": list(field.choices)} if field.type == "choice" else types.get(field.type, {"type": "number"})
            properties[field.name] = {
                **shape,
                "description": field.en,
                "zh": field.zh,
                "unit": field.type,
                "readOnly": field.derived,
            }
        kinds[kind] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "records",
        "$defs": kinds,
        "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds],
    }
