"""The JSON Schema of summary.json, rendered from the models; a check compares it with the file."""

import json

from diptych_analysis.summary import Summary


def rendered_schema() -> str:
    """Return the text of summary.schema.json, with one newline at the end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://diptych.dev/schemas/v1/summary.schema.json",
        **Summary.model_json_schema(by_alias=True, mode="serialization"),
        "title": "summary.json",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
