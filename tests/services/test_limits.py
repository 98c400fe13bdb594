"""Requests are counted in each process and shared: none passes more than its 64th beyond the limit of all together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists

from polisbridge.services.limits import Limits, sender_at

NOW = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


class Together:
    """A book in memory, of all processes."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, datetime], int] = {}
        self.times = 0

    def add(self, sender: str, window: datetime, number: int) -> int:
        self.times += 1
        self.counts[sender, window] = self.counts.get((sender, window), 0) + number
        return self.counts[sender, window]


def passes(limits: Limits, limit: int, now: datetime = NOW, sender: str = "one") -> bool:
    taken = limits.take(sender, limit, now)
    if taken.due:
        taken = limits.share(sender, limit, taken.due, now)
    return taken.left >= 0


@given(lists(integers(0, 2), min_size=1, max_size=400), integers(1, 200))
def test_processes_together_let_the_limit_pass_and_each_a_64th_more_at_most(turns: list[int], limit: int) -> None:
    book = Together()
    processes = [Limits(book) for _ in range(3)]
    passed = sum(passes(processes[turn], limit) for turn in turns)

    assert min(limit, len(turns)) <= passed <= min(len(turns), limit + 3 * max(1, limit // 64))


def test_a_large_limit_is_seldom_shared_and_a_sender_beyond_it_never_again() -> None:
    book = Together()
    limits = Limits(book)
    passed = sum(passes(limits, 3_000) for _ in range(10_000))

    assert passed == 3_000
    assert book.times <= 70


def test_the_next_minute_begins_anew() -> None:
    limits = Limits(Together())
    assert [passes(limits, 1), passes(limits, 1)] == [True, False]
    assert limits.take("one", 1, NOW).seconds == 30
    assert passes(limits, 1, NOW + timedelta(seconds=30))


def test_senders_do_not_count_for_each_other() -> None:
    limits = Limits(Together())

    assert [passes(limits, 1, sender=one) for one in ("one", "two", "one")] == [True, True, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("testclient", "other", False),
    ],
)
def test_a_network_of_ipv6_is_one_sender(one: str, other: str, *, same: bool) -> None:
    assert (sender_at(one) == sender_at(other)) is same
