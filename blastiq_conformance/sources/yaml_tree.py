"""The YAML of a validated cassette, read as a tree and written back."""


def load(text: str) -> object:
    """Read with the safe loader; for a text that `cassette.read_yaml` has read."""
    import yaml  # most files are not YAML

    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def dump(document: object) -> str:
    """Write as vcrpy does: sorted, with its own line breaks."""
    import yaml

    return str(yaml.dump(document, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True))
