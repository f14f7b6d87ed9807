"""YAML of cassettes, read safely: no language tags are executed, no duplicate keys and no explosion are accepted."""

import yaml

from blastiq_conformance.sources.source_error import SourceError

_ADVICE = "record the cassette again, or give another file"


def parse_yaml(file: str, text: str, name: str) -> tuple[object, list[int]]:
    """Give the document, and the lines where the items of its list `name` begin; raises SourceError."""
    loader = (getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        _inspect(node)
        document = loader.construct_document(node) if node is not None else None
    except yaml.constructor.ConstructorError as error:
        place = f"line {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        what = f"an object of a programming language, which is never carried out ({error.problem})"
        raise SourceError(file, place, what, _ADVICE) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        what = f"no YAML that can be read safely ({error.problem or error.context})"
        raise SourceError(file, place, what, _ADVICE) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition("\n")[0]
        raise SourceError(file, "", f"no YAML that can be read safely ({what})", _ADVICE) from None
    finally:
        loader.dispose()
    return document, _lines(node, name) if isinstance(document, dict) else []


def _lines(node: yaml.Node | None, name: str) -> list[int]:
    """Give the line in which each item begins."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else []:
        if key.value == name and isinstance(value, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in value.value]
    return []


def load(text: str) -> object:
    """Read as a tree what `parse_yaml` has read."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def dump(document: object) -> str:
    """Write as vcrpy does: sorted, with its own line breaks."""
    return str(yaml.dump(document, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True))


def _inspect(top: yaml.Node | None) -> None:
    """Refuse what the safe loader accepts: duplicate keys, and merge keys, which can explode."""
    seen: set[int] = set()
    waiting = [] if top is None else [top]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if isinstance(node, yaml.MappingNode):
            _inspect_keys(node)
            waiting += (part for pair in node.value for part in pair)


def _inspect_keys(node: yaml.MappingNode) -> None:
    names: set[str] = set()
    for key, _ in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if key.tag == "tag:yaml.org,2002:merge":
            raise yaml.MarkedYAMLError(problem="a merge key", problem_mark=key.start_mark)
        if name in names:
            raise yaml.MarkedYAMLError(problem=f"the key {name[:60]!r} stands twice", problem_mark=key.start_mark)
        names.add(name)
