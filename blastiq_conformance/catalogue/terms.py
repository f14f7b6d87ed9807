"""The terms of a verdict: how a rule is worded, what a finding means, what became of a rule."""

from enum import Flag, StrEnum, auto


class Level(StrEnum):
    """How strongly the source words a rule (RFC 2119); cited, never computed."""

    MUST = "MUST"
    MUST_NOT = "MUST NOT"
    SHOULD = "SHOULD"
    SHOULD_NOT = "SHOULD NOT"
    MAY = "MAY"

    @property
    def binding(self) -> bool:
        """Whether an integration has no choice: MUST and MUST NOT."""
        return self in {Level.MUST, Level.MUST_NOT}

    @property
    def severity(self) -> "Severity":
        """What a finding usually means where a source words the rule so."""
        return Severity.ERROR if self.binding else Severity.WARNING


class Severity(StrEnum):
    """What a finding means for the verdict: an error violates, a warning does not, an info informs."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """A number to compare by: the worst is the greatest."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """What became of a rule; without evidence it never passes."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cant_tell"  # the evidence was edited or truncated
    INAPPLICABLE = "inapplicable"  # the scenario or the feature did not occur
    UNTESTED = "untested"  # nothing was seen
    WAIVED = "waived"


class Profile(StrEnum):
    """Which severities apply: `strict` turns warnings into errors, `lenient` lowers what servers forgive (D22, D32)."""

    ARTICLE = "article"
    STRICT = "strict"
    LENIENT = "lenient"


class ShownBy(StrEnum):
    """What makes the subject of a rule occur; a rule whose subject never occurs would never find anything."""

    SCENARIO = "scenario"  # a row of the scenario table is for it
    ANY_SIGN_IN = "any sign-in"  # every sign-in has its subject: the wire set
    IN_PROCESS = "in-process"  # only a virtual clock can show it, and a child process has its own
    SCAN = "scan"  # it judges what is shipped, not what is sent


class Part(Flag):
    """What a rule reads of an exchange; where a recording lost it, the rule cannot tell."""

    NOTHING = 0
    BODY = auto()  # the body of the request
    HEADERS = auto()  # the headers of the request
    RESPONSE = auto()
