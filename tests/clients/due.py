"""What each flaw of the parametrised client must be found to break; `test_mutants` proves every row by running it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a flaw must be found to break, by number, in these scenarios."""

    errors: str = ""
    warnings: str = ""
    perhaps: str = ""
    scenarios: str = "sign-in"
    concurrency: int = 0
    options: tuple[str, ...] = ()


_CERTIFICATES = "tls-untrusted tls-self-signed tls-wrong-name tls-expired tls-future"
_NO_TOKEN = (
    "attended-sign-in attended-wrong-state attended-denied attended-code-replay attended-code-expired "
    "attended-verifier-wrong"
)

DUE = {
    "M01": Due(errors="210"),
    "M02": Due(errors="209 212 221"),
    "M03": Due(errors="209"),
    "M04": Due(errors="206", warnings="216"),
    "M05": Due(warnings="216"),
    "M06": Due(errors="217"),
    "M07": Due(errors="206"),
    "M08": Due(errors="206"),
    "M09": Due(errors="211"),
    "M10": Due(errors="212"),
    "M11": Due(warnings="212"),
    "M12": Due(errors="201 203 704"),
    "M13": Due(errors="203 704"),
    "M14": Due(errors="202"),
    "M15": Due(errors="202"),
    "M16": Due(errors="202"),
    "M17": Due(errors="301", warnings="214", scenarios="sign-in special-characters"),
    "M18": Due(errors="301", scenarios="sign-in special-characters"),
    "M19": Due(errors="303", scenarios="sign-in special-characters"),
    "M20": Due(errors="214", scenarios="sign-in special-characters"),
    "M21": Due(errors="301", scenarios="sign-in special-characters"),
    "M22": Due(errors="302", scenarios="sign-in special-characters"),
    "M23": Due(errors="213"),
    "M24": Due(errors="218"),
    "M25": Due(warnings="103", scenarios="sign-in endpoint-moved"),
    "M26": Due(warnings="107", scenarios="many-calls"),
    "M27": Due(errors="101", scenarios="sign-in authority-slash"),
    "M28": Due(errors="104", warnings="104", scenarios="sign-in issuer-mismatch"),
    "M29": Due(errors="105", scenarios="endpoint-http", options=("--intercept",)),
    "M30": Due(warnings="106", scenarios="sign-in discovery-broken"),
    "M31": Due(errors="002", scenarios=_CERTIFICATES, options=("--tls",)),
    "M32": Due(errors="003", scenarios=_CERTIFICATES, options=("--intercept",)),
    "M33": Due(errors="007", warnings="007", scenarios="redirects", options=("--tls",)),
    "M34": Due(errors="806", scenarios="redirects"),
    "M35": Due(errors="008", scenarios="redirects"),
    "M36": Due(warnings="605", scenarios="many-calls"),
    "M37": Due(warnings="501", scenarios="token-dies"),
    "M38": Due(warnings="405", scenarios="sign-in expires-odd"),
    "M39": Due(errors="404", scenarios="sign-in expires-odd"),
    "M40": Due(warnings="405", scenarios="sign-in expires-odd"),
    "M41": Due(warnings="406", scenarios="sign-in token-odd"),
    "M42": Due(errors="406", scenarios="sign-in token-odd"),
    "M43": Due(errors="401", scenarios="sign-in extra-members"),
    "M44": Due(errors="402", scenarios="sign-in token-type"),
    "M45": Due(warnings="409", scenarios="sign-in error-pages no-token"),
    "M46": Due(errors="410", scenarios="sign-in no-token"),
    "M47": Due(errors="415", scenarios="sign-in no-refresh-token"),
    "M48": Due(errors="503", scenarios="token-dies"),
    "M49": Due(errors="505", scenarios="refresh-rotated"),
    "M50": Due(errors="221 506", scenarios="refresh-kept"),
    "M51": Due(warnings="510", scenarios="parallel", concurrency=8),
    "M52": Due(errors="508", scenarios="refresh-refused"),
    "M53": Due(errors="801", scenarios="sign-in wrong-password"),
    "M54": Due(warnings="216 801", scenarios="sign-in wrong-password"),
    "M55": Due(errors="607", scenarios="sign-in api-refuses"),
    "M56": Due(warnings="802 803 827", scenarios="sign-in unavailable throttled"),
    "M57": Due(warnings="804", scenarios="hangs", options=("--timeout", "14")),
    "M58": Due(errors="701", scenarios="sign-in wrong-password"),
    "M59": Due(errors="701"),
    "M60": Due(warnings="705"),
    "M61": Due(errors="602 704"),
    "M62": Due(errors="610", warnings="216", scenarios="token-dies"),
    "M63": Due(errors="305"),
    "M64": Due(errors="706", warnings="703", scenarios="sign-in wrong-password"),
    "M65": Due(errors="821", warnings="824", perhaps="505 510", scenarios="api-limits"),
    "M66": Due(errors="806", scenarios="sign-in wrong-password"),
    "M67": Due(warnings="406 609", scenarios="sign-in clock-skew token-odd"),
    "M68": Due(errors="901", scenarios="attended-sign-in", options=("--attended",)),
    "M69": Due(errors="902 905", scenarios="attended-sign-in attended-wrong-state", options=("--attended",)),
    "M70": Due(errors="512", scenarios="token-dies"),
    "M71": Due(errors="905", scenarios="attended-sign-in attended-wrong-state", options=("--attended",)),
    "M72": Due(errors="806", scenarios=_NO_TOKEN, options=("--attended",)),
    "M73": Due(errors="906", warnings="801", scenarios=_NO_TOKEN, options=("--attended",)),
    "M74": Due(errors="603", scenarios="token-dies refresh-kept"),
    "M75": Due(errors="505", scenarios="refresh-rotated expires-odd"),
    "M76": Due(errors="501 806", scenarios="refresh-kept"),
    "M77": Due(errors="202", scenarios="outage-ends error-pages"),
}
