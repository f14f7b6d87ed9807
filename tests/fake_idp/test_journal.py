"""The record in memory."""

import threading

from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange, Journal
from fake_idp.secrets.search import Secret
from fake_idp.wire import Request

REQUEST = Request(method="GET", target="/")


def exchange(number: int) -> Exchange:
    return Exchange(number=number, kind=Kind.OTHER, request=REQUEST)


def test_entries_stand_in_the_order_of_arrival() -> None:
    """What ended first stands behind what arrived first."""
    journal = Journal()
    first, second, third = (journal.next_number() for _ in range(3))
    journal.append(exchange(second))
    journal.append(Connection(number=third))
    journal.append(exchange(first))
    assert [entry.number for entry in journal] == [1, 2, 3]
    assert [entry.number for entry in journal.exchanges] == [1, 2]
    assert [entry.number for entry in journal.connections] == [3]
    assert len(journal) == 3


def test_a_number_is_never_given_twice() -> None:
    """A number that an entry brought along is taken, whoever gave it."""
    journal = Journal()
    journal.append(exchange(7))
    assert journal.next_number() == 8


def test_secrets_are_listed_once_in_order() -> None:
    """A secret that is issued again is not a second one."""
    journal = Journal()
    one, other = Secret("password", "a"), Secret("password", "b")
    for secret in (one, other, one):
        journal.issue(secret)
    assert journal.issued == (one, other)


def test_subscribers_hear_what_comes_after() -> None:
    """A listener gets entries and secrets from the time on when it subscribed."""
    journal = Journal()
    journal.append(exchange(1))
    heard: list[Entry | Secret] = []
    journal.subscribe(heard.append)
    journal.subscribe(lambda _: None, issued=heard.append)
    journal.issue(Secret("username", "u"))
    journal.append(exchange(2))
    assert heard == [Secret("username", "u"), exchange(2)]


def test_arrivals_are_told_before_they_are_recorded() -> None:
    """Who listens hears of a request while its sender still waits for the answer."""
    journal = Journal()
    heard: list[int | str] = []
    journal.next_number()
    journal.subscribe_arrivals(lambda: heard.append(journal.under_way))
    journal.subscribe_arrivals(lambda: heard.append("again"))
    assert journal.next_number() == 2
    assert heard == [2, "again"]


def test_threads_share_it() -> None:
    """Eight threads lose nothing and get no number twice."""
    journal = Journal()

    def work() -> None:
        for _ in range(50):
            journal.append(exchange(journal.next_number()))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in journal] == list(range(1, 401))


def test_it_tells_how_many_have_not_ended() -> None:
    """Whatever arrived and is not recorded yet is under way."""
    journal, told = Journal(), []
    for step in (journal.next_number, journal.next_number, lambda: journal.append(exchange(1))):
        step()
        told.append(journal.under_way)
    assert told == [1, 2, 1]


def test_a_bounded_one_forgets_the_oldest_and_tells_how_many() -> None:
    """The newest stay, half as many again at most; who subscribed heard of all, and what was given once stays."""
    journal = Journal(keep=10)
    heard: list[Entry] = []
    journal.subscribe(heard.append)
    journal.issue(Secret("password", "given"))
    for number in range(1, 101):
        journal.issue(Secret("access_token", f"a{number}"))
        journal.issue(Secret("refresh_token", f"r{number}"))
        assert journal.next_number() == number
        journal.append(exchange(number))
        kept = [entry.number for entry in journal]
        assert kept == list(range(number - len(kept) + 1, number + 1))
        assert min(number, 10) <= len(kept) <= 15
        assert (journal.forgotten, journal.under_way) == (number - len(kept), 0)
        issued = {secret.value for secret in journal.issued}
        assert issued >= {"given", *(f"{kind}{each}" for kind in "ar" for each in kept[-10:])}
        assert len(issued) <= 31
    assert len(heard) == 100


def test_one_that_keeps_nothing_still_tells() -> None:
    """What nobody can ask for takes no memory, and listeners hear of it all the same."""
    journal = Journal(keep=0)
    heard: list[Entry] = []
    journal.subscribe(heard.append)
    journal.issue(Secret("access_token", "a"))
    journal.append(exchange(journal.next_number()))
    assert (len(journal), journal.issued, journal.forgotten) == (0, (), 1)
    assert heard == [exchange(1)]
