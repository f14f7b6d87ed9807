"""The fixtures and the marker, as a vendor's suite uses them."""

import pytest

pytestmark = pytest.mark.slow

_GOOD = """
import client

def test_sign_in(blastiq_idp, blastiq_user):
    token = client.sign_in(blastiq_user)["access_token"]
    assert client.call(token).status_code == 200
"""
_AUDIENCE = """
import client
{marker}
def test_sign_in(blastiq_idp, blastiq_user):
    client.sign_in(blastiq_user, audience="https://api.example")
"""
_WARNING = """
import client

def test_sign_in(blastiq_idp, blastiq_user):
    client.sign_in(blastiq_user, scope="")
"""


def test_a_good_client_passes(suite: pytest.Pytester) -> None:
    """Nothing has to be asked for: the verdict comes by itself, and is silent where all is well."""
    suite.makepyfile(test_it=_GOOD)
    result = suite.runpytest("-W", "error")
    result.assert_outcomes(passed=1)


def test_a_violation_fails_the_test_with_the_finished_finding(suite: pytest.Pytester) -> None:
    """FAILED, not ERROR, and the text has all six parts."""
    suite.makepyfile(test_it=_AUDIENCE.format(marker=""))
    result = suite.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*BIQ211 audience-sent*", *(f"*{part}  *" for part in _PARTS)])


_PARTS = ("received", "expected", "why", "source", "fix", "again")


def test_expected_rules_must_fail_and_no_other(suite: pytest.Pytester) -> None:
    """`expect` is met by exactly its rules; a rule that did not fail is a failure of its own."""
    marker = "import pytest\n@pytest.mark.blastiq(expect=[{rules}])"
    suite.makepyfile(
        test_met=_AUDIENCE.format(marker=marker.format(rules="'BIQ211'")),
        test_missed=_AUDIENCE.format(marker=marker.format(rules="'BIQ211', 'BIQ209'")),
        test_other=_AUDIENCE.format(marker=marker.format(rules="'BIQ209'")),
    )
    result = suite.runpytest()
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*expected to fail and did not: BIQ209*"])


def test_a_marker_with_a_slip_of_the_pen_fails(suite: pytest.Pytester) -> None:
    """An argument that the marker does not take, and a rule that is none, are named and never passed over."""
    suite.makepyfile(
        test_key=_GOOD.replace("def test", "import pytest\n@pytest.mark.blastiq(profil='strict')\ndef test"),
        test_rule=_AUDIENCE.format(marker="import pytest\n@pytest.mark.blastiq(expect=['BIQ211', 'BIQ2111'])"),
    )
    result = suite.runpytest()
    result.assert_outcomes(errors=1, failed=1)
    result.stdout.fnmatch_lines_random(["*takes expect=, profile=, *traffic=; found profil*", "*names BIQ2111;*"])


def test_a_violation_shows_no_line_of_the_kit(suite: pytest.Pytester) -> None:
    """Whoever reads the failure needs the finding, not the code that raised it."""
    suite.makepyfile(test_it=_AUDIENCE.format(marker=""))
    result = suite.runpytest()
    result.stdout.no_fnmatch_line("*raise BlastiqViolation*")
    result.stdout.no_fnmatch_line("*pytest_runtest_call*")


def test_a_warning_warns_and_the_strict_profile_fails(suite: pytest.Pytester) -> None:
    """Severity decides: a warning is shown and does not fail, unless the profile says so."""
    suite.makepyfile(test_it=_WARNING)
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*BIQ212*"])
    suite.runpytest("--blastiq-profile", "strict").assert_outcomes(failed=1)
    suite.makeini("[pytest]\nblastiq_profile = strict\n")
    suite.runpytest().assert_outcomes(failed=1)


def test_a_scenario_bends_the_fake(suite: pytest.Pytester) -> None:
    """The marker's scenario turns its knob: the token dies after one call, the clock is fast."""
    suite.makepyfile(
        test_it="""
        import time
        import client, pytest

        @pytest.mark.filterwarnings("ignore:WARN  BIQ825")  # it does not wait between its calls
        @pytest.mark.blastiq(scenario="token-dies")
        def test_renews(blastiq_idp, blastiq_user):
            token = client.sign_in(blastiq_user)["access_token"]
            assert [client.call(token).status_code for _ in range(2)] == [200, 401]
            token = client.sign_in(blastiq_user)["access_token"]
            assert client.call(token).status_code == 200

        @pytest.mark.blastiq(scenario="clock-skew")
        def test_another_time(blastiq_idp, blastiq_user):
            token = client.sign_in(blastiq_user)["access_token"]
            assert client.call(token).status_code == 200
            assert blastiq_idp.clock.wall() > time.time() + 500

        @pytest.mark.blastiq(scenario="no-such")
        def test_unknown(blastiq_idp):
            pass
        """
    )
    result = suite.runpytest()
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*there is no scenario 'no-such'; known are*"])


def test_another_host_is_refused_and_recorded(suite: pytest.Pytester) -> None:
    """In-process nothing leaves: a call of another host raises ConnectError and stands in the journal."""
    suite.makepyfile(
        test_it="""
        import httpx, pytest

        @pytest.mark.blastiq(traffic=False)
        def test_elsewhere(blastiq_idp):
            with pytest.raises(httpx.ConnectError):
                httpx.get("https://elsewhere.example/")
            assert [x.request.host for x in blastiq_idp.journal.exchanges] == ["elsewhere.example"]
        """
    )
    suite.runpytest().assert_outcomes(passed=1)


_ELSEWHERE = """
import httpx, pytest

@pytest.mark.blastiq(traffic=False)
@pytest.mark.parametrize("host", ["maps.example", "log.example", "log.example"])
def test_elsewhere(host, blastiq_idp):
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://{host}/")
    httpx.get("https://www.blastiq.com/nowhere")

def test_told_though_it_failed(blastiq_idp):
    httpx.get("https://other.example/")
"""


@pytest.mark.parametrize("workers", [0, 1])
def test_hosts_beside_blastiq_are_named_at_the_end(workers: int, suite: pytest.Pytester) -> None:
    """Nothing of what was done there was judged: whoever reads the result knows where to look, in JUnit XML too."""
    suite.makepyfile(test_it=_ELSEWHERE)
    words = ["--junitxml=out.xml"]
    result = suite.runpytest_subprocess(*words, "-p", "xdist", "-n1") if workers else suite.runpytest(*words)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*called beside BlastIQ*",
            "log.example: *::test_elsewhere* and 1 more",
            "maps.example: *::test_elsewhere*",
            "other.example: *::test_told_though_it_failed",
        ]
    )
    assert '<property name="blastiq_also_called" value="maps.example"' in (suite.path / "out.xml").read_text()


def test_where_nobody_else_was_called_nothing_is_said(suite: pytest.Pytester) -> None:
    """The end of the run stays as it was."""
    suite.makepyfile(test_it=_GOOD)
    suite.runpytest().stdout.no_fnmatch_line("*beside BlastIQ*")


def test_the_live_server_serves_any_client(suite: pytest.Pytester) -> None:
    """Addresses and the environment of the contract are those of this test's own port."""
    suite.makepyfile(
        test_it="""
        import subprocess
        import client
        from blastiq_conformance.cli.targets import DEMO

        def test_live(blastiq_server):
            token = client.sign_in(blastiq_server.user, blastiq_server.authority)["access_token"]
            assert client.call(token, blastiq_server.api_url).status_code == 200
            assert blastiq_server.idp.journal is blastiq_server.journal

        def test_subprocess(blastiq_server):
            subprocess.run(DEMO, env=blastiq_server.env, check=True)
            assert len(blastiq_server.journal) == 3
        """
    )
    suite.runpytest().assert_outcomes(passed=2)


def test_the_config_can_be_overridden(suite: pytest.Pytester) -> None:
    """A suite's own blastiq_config changes what is imitated; the test's user signs in all the same."""
    suite.makepyfile(
        test_it="""
        import client, pytest
        from fake_idp.server_config import ServerConfig

        @pytest.fixture
        def blastiq_config():
            return ServerConfig(access_token_lifetime=120)

        def test_lifetime(blastiq_idp, blastiq_user):
            assert client.sign_in(blastiq_user)["expires_in"] == 120
        """
    )
    suite.runpytest().assert_outcomes(passed=1)


def test_a_check_in_between_judges_and_needs_something_to_judge(suite: pytest.Pytester) -> None:
    """blastiq_check raises on the finding, and where nothing was recorded at all."""
    suite.makepyfile(
        test_it="""
        import client, pytest

        @pytest.mark.blastiq(expect=["BIQ211"])
        def test_now(blastiq_idp, blastiq_user, blastiq_check):
            client.sign_in(blastiq_user, audience="x")
            blastiq_check()

        def test_nothing(blastiq_idp, blastiq_check):
            blastiq_check()
        """
    )
    result = suite.runpytest()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*there is nothing to judge*"])


def test_a_failing_test_keeps_its_own_failure(suite: pytest.Pytester) -> None:
    """A test that fails by itself shows its own reason, not the verdict's."""
    suite.makepyfile(
        test_it="""
        import client

        def test_it(blastiq_idp, blastiq_user):
            client.sign_in(blastiq_user, audience="x")
            assert False, "own reason"
        """
    )
    result = suite.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*own reason*"])
