"""What ASP.NET reads as a media type, and so as the type of a form."""

import re
from functools import lru_cache

from fake_idp.wire import Request

_WORD = r"[!#$%&'*+\-.^_`|~\w]+"
_PARAMETER = rf'{_WORD}(?:[ \t]*=[ \t]*(?:{_WORD}|"(?:[^"\\]|\\.)*")?)?[ \t]*'
# A value that does not parse as a whole is no media type at all; a lone semicolon at the end is tolerated.
_MEDIA_TYPE = re.compile(
    rf"[ \t]*({_WORD}/{_WORD})[ \t]*(?:;[ \t]*(?:{_PARAMETER}(?:;[ \t]*{_PARAMETER})*;?)?[ \t]*)?", re.ASCII
)


def content_type(request: Request) -> str:
    """Give the Content-Type as ASP.NET sees it: two header lines make one value, and RFC 9110 5.3 allows only one."""
    return ",".join(request.headers.get_all("content-type"))


@lru_cache(maxsize=256)
def is_media_type(text: str) -> bool:
    """Whether ASP.NET can read it as a media type; what it cannot read is the type of no form."""
    return _MEDIA_TYPE.fullmatch(text) is not None
