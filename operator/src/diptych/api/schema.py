"""From pydantic's JSON Schema to the structural schema that Kubernetes asks for.

A structural schema has no references, no unions and no closed objects: the API server prunes
unknown fields itself. Defaults that are empty are left out, so that stored objects stay short.
"""

from typing import Any

from diptych.api.base import INT32_MAX, PATTERN_BOUNDS, cel
from diptych.api.resource import VersionComparison
from diptych.api.spec import MUTABLE
from diptych_runner.contract.names import LONGEST_NAME

Schema = dict[str, Any]

#: What stands first in a rendered field; the rest follows as it comes.
_ORDER = (
    "description",
    "type",
    "format",
    "x-kubernetes-int-or-string",
    "enum",
    "default",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "maxProperties",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-validations",
    "required",
    "properties",
    "items",
    "additionalProperties",
)
#: Lists known by keys, and sets, are equal in any order to CEL; in these the order has a meaning.
_SAME_ORDER = {
    "versions": "self.map(v, v.name) == oldSelf.map(v, v.name)",
    "sweep": "self.map(s, s.parameter) == oldSelf.map(s, s.parameter)",
    "seeds": "!has(self.values) || !has(oldSelf.values)"
    " || self.values.map(v, v) == oldSelf.values.map(v, v)",
    "analysis": "!has(self.metrics) || !has(oldSelf.metrics)"
    " || self.metrics.map(m, m.name) == oldSelf.metrics.map(m, m.name)",
}
_ADDED = "immutable: what was left out cannot be added, nor removed; make a new comparison"
_DROPPED = (
    "title",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "default",
    "const",
    "$ref",
    "$defs",
    "anyOf",
)


def resource_schema() -> Schema:
    """Return the structural schema of VersionComparison."""
    whole = VersionComparison.model_json_schema(by_alias=True)
    schema = structural(whole, whole["$defs"])
    properties = schema["properties"]
    for name in ("apiVersion", "kind"):
        properties[name] = {"description": properties[name]["description"], "type": "string"}
    # The API server has its own schema of metadata; the name is here for rules to refer to.
    named = f"Name of the comparison, a DNS label of at most {LONGEST_NAME} characters."
    properties["metadata"] = {
        "type": "object",
        "properties": {"name": {"description": named, "type": "string"}},
    }
    properties["spec"] = immutable(in_words(properties["spec"]))
    properties["status"] = _without_defaults(properties["status"])
    schema["required"] = ["spec"]
    return schema


def structural(schema: Schema, definitions: Schema) -> Schema:
    """Return a schema with references and optional unions resolved, in reading order."""
    resolved = _resolved(schema, definitions)
    out = {key: value for key, value in resolved.items() if key not in _DROPPED}
    out |= _children(resolved, definitions)
    if "const" in resolved:
        out["enum"] = [resolved["const"]]
    if out.get("type") == "integer":
        out["format"] = "int32" if resolved.get("maximum", INT32_MAX) <= INT32_MAX else "int64"
    if out.get("format") == "date-time":
        del out["pattern"]  # the format says it all
    if "x-kubernetes-validations" in out:
        out["x-kubernetes-validations"] = [_ordered(e) for e in out["x-kubernetes-validations"]]
    default = _short_default(_without_nothing(resolved.get("default")), out)
    if default is not None:
        out["default"] = default
    return {key: out[key] for key in sorted(out, key=_rank)}


def _children(schema: Schema, definitions: Schema) -> Schema:
    """Return the structural schemas of fields, items and the values of a map.

    A map's keys have no pattern in a structural schema: the file's validation has it.
    """
    out: Schema = {}
    if "properties" in schema:
        fields = schema["properties"].items()
        out["properties"] = {name: structural(field, definitions) for name, field in fields}
    if "items" in schema:
        out["items"] = structural(schema["items"], definitions)
    for values in schema.get("patternProperties", {}).values():
        out["additionalProperties"] = structural(values, definitions)
    return out


def immutable(spec: Schema) -> Schema:
    """Return the spec's schema with the rule that only the mutable fields may change.

    A field's own rule says which field it is; it is not asked when a field comes or goes, so the
    spec has a rule for that.
    """
    fixed = [name for name in spec["properties"] if name not in MUTABLE]
    properties = {
        name: _with_rules(field, *_fixed(name)) if name in fixed else field
        for name, field in spec["properties"].items()
    }
    optional = [
        name
        for name in fixed
        if name not in spec["required"] and "default" not in spec["properties"][name]
    ]
    same = " && ".join(f"has(self.{name}) == has(oldSelf.{name})" for name in optional)
    return _with_rules({**spec, "properties": properties}, cel(same, _ADDED))


def in_words(schema: Schema) -> Schema:
    """Return a schema whose patterns are rules: their messages are for people.

    Those of a pod's own fields stay, for rules within lists of lists cost more than a CRD may.
    """
    out = dict(schema)
    if "properties" in out:
        out["properties"] = {
            name: field if name == "template" else in_words(field)
            for name, field in out["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if key in out:
            out[key] = in_words(out[key])
    if "pattern" not in out:
        return out
    pattern = out.pop("pattern")
    bound = f"must be {PATTERN_BOUNDS[pattern]}"
    # An address may hold a password, and is not said again.
    got = None if "//" in pattern else "self"
    return _with_rules(out, cel(f'self.matches(r"{pattern}")', bound, got=got))


def _fixed(name: str) -> list[dict[str, str]]:
    """Return the rules that keep a field of the spec as it is, its order included."""
    message = "immutable: make a new comparison; only " + ", ".join(MUTABLE) + " may change"
    rules = ["self == oldSelf", _SAME_ORDER.get(name)]
    return [cel(rule, message) for rule in rules if rule is not None]


def _with_rules(schema: Schema, *rules: dict[str, str]) -> Schema:
    both = {
        **schema,
        "x-kubernetes-validations": [*schema.get("x-kubernetes-validations", []), *rules],
    }
    return {key: both[key] for key in sorted(both, key=_rank)}


def _ordered(entry: dict[str, str]) -> dict[str, str]:
    """Return a validation with its rule first: pydantic sorts keys by name."""
    keys = ("rule", "message", "messageExpression", "fieldPath")
    return {key: entry[key] for key in keys if key in entry}


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """Return a schema merged with what it refers to; what stands beside a reference wins."""
    if "$ref" in schema:
        target = definitions[schema["$ref"].rsplit("/", 1)[1]]
        return {**_resolved(target, definitions), **_without(schema, "$ref")}
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    if len(options) == 1:
        return {**_resolved(options[0], definitions), **_without(schema, "anyOf")}
    return schema


def _without(schema: Schema, key: str) -> Schema:
    return {name: value for name, value in schema.items() if name != key}


def _without_nothing(default: object) -> object:
    """Return a default without what says nothing: null, an empty list, an empty mapping."""
    if isinstance(default, dict):
        kept = {name: _without_nothing(value) for name, value in default.items()}
        return {name: value for name, value in kept.items() if value is not None} or None
    return None if default in ([], "") else default


def _short_default(default: object, schema: Schema) -> object:
    """Return {} for a mapping whose fields have the same defaults themselves."""
    fields = {
        name: field["default"]
        for name, field in schema.get("properties", {}).items()
        if "default" in field
    }
    return {} if isinstance(default, dict) and default == fields else default


def _without_defaults(schema: Schema) -> Schema:
    """Return the status' schema without defaults: only what the operator wrote is there."""
    out = _without(schema, "default")
    if "properties" in out:
        out["properties"] = {n: _without_defaults(f) for n, f in out["properties"].items()}
    if "items" in out:
        out["items"] = _without_defaults(out["items"])
    return out


def _rank(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)
