"""Size and speed of status lists: what revocation costs a verifier who carries all lists along.

Sizes stand beside the entropy bound: n * H(p), the fewest bits in which n independent entries can be told.
With two bits an entry has three statuses, and H is taken over all three (valid, revoked, suspended); the same
revocations in one bit stand beside it with their own bound. The size of a list is that of the whole signed
token. Entries are placed at random with a fixed seed. Exit 1 when a budget is missed: at 1 % revoked at most
1.4 times the entropy, and 48 lists (50 million insured, 1 % revoked) under 1 MB.
"""

import sys
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from math import log2
from random import Random
from statistics import median
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.status import ENTRIES, ListName, Status, StatusList, packed, status_at
from polisbridge.formats.statuslist import read_status_list, write_status_list

SEED = 20261122
LISTS = 48  # 2^20 entries each: 50.3 million
BUDGET_SHARE, BUDGET_RATIO, BUDGET_BYTES = 0.01, 1.4, 1_000_000
SIGNER = SoftwareSigner(derive_private_key(SEED, SECP256R1()))
ISSUED = datetime(2026, 11, 22, tzinfo=UTC)
FIRST = ListName("UZ", 1)
SHARES = [(0.001, 0.0), (0.01, 0.0), (0.05, 0.0), (0.001, 0.005), (0.01, 0.005), (0.05, 0.005)]


def bound(shares: Iterable[float]) -> float:
    """Return the entropy bound of a whole list in bytes, for the shares of all statuses but valid."""
    parts = [share for share in shares if share]
    return -ENTRIES / 8 * sum(p * log2(p) for p in (*parts, 1 - sum(parts)))


def a_list(revoked: float, suspended: float, name: ListName = FIRST, issued: datetime = ISSUED) -> StatusList:
    """Return a list with exactly these shares, placed at random."""
    chosen = Random(f"{SEED} {name.uri}").sample(range(ENTRIES), round(ENTRIES * (revoked + suspended)))
    first = round(ENTRIES * revoked)
    entries = dict.fromkeys(chosen[:first], Status.REVOKED) | dict.fromkeys(chosen[first:], Status.SUSPENDED)
    return StatusList(name, issued, issued + timedelta(hours=24), timedelta(hours=1), packed(entries), SIGNER.key_id)


def milliseconds(run: Callable[[], object], times: int = 9) -> float:
    """Return the median time of a call."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return median(taken) * 1000


def one_bit(status_list: StatusList) -> int:
    """Return the size of the same revocations in a list of one bit per entry, for comparison."""
    bits = bytearray(ENTRIES // 8)
    for index in range(ENTRIES):
        if status_at(status_list, index).status is Status.REVOKED:
            bits[index // 8] |= 1 << index % 8
    return len(zlib.compress(bytes(bits), 9))


def sizes() -> bool:
    """Print sizes and times by share; return whether the budget of the ratio was kept by what is published."""
    print(f"one signed list of {ENTRIES} entries, 2 bits; bytes; x = list / bound of all statuses")
    print("revoked suspended    bound published      x   zlib 9      x   1-bit zlib 9  its bound      x", end="")
    print("   publish ms  zlib ms  read ms")
    kept = True
    for revoked, suspended in SHARES:
        one = a_list(revoked, suspended)
        small, quick = write_status_list(one, SIGNER, smallest=True), write_status_list(one, SIGNER)
        full, alone, bit = bound((revoked, suspended)), bound((revoked,)), one_bit(one)
        times = [
            milliseconds(partial(write_status_list, one, SIGNER, smallest=True), 3),
            milliseconds(partial(write_status_list, one, SIGNER)),
            milliseconds(partial(read, small, one.name)),
        ]
        print(
            f"{revoked:7.1%} {suspended:9.1%} {full:8.0f} {len(small):9} {len(small) / full:6.2f} {len(quick):8}"
            f" {len(quick) / full:6.2f} {bit:14} {alone:10.0f} {bit / alone:6.2f}"
            f" {times[0]:12.0f} {times[1]:8.1f} {times[2]:8.2f}"
        )
        if revoked == BUDGET_SHARE:
            kept = kept and len(small) / full <= BUDGET_RATIO
    return kept


def read(token: bytes, name: ListName) -> StatusList:
    """Return the list of a token that this run has signed."""
    found = read_status_list(token, name, [SIGNER.public_key])
    if not isinstance(found, StatusList):
        raise TypeError(found.fault)
    return found


def portfolio(suspended: float) -> bool:
    """Print size and time of all lists of 50 million insured; return whether the budget was kept."""
    tokens = [
        write_status_list(a_list(0.01, suspended, ListName("UZ", number)), SIGNER, smallest=True)
        for number in range(1, LISTS + 1)
    ]
    size = sum(map(len, tokens))
    start = perf_counter()
    lists = [read(token, ListName("UZ", number)) for number, token in enumerate(tokens, 1)]
    taken = perf_counter() - start
    lookups = 200_000
    places = [(lists[index % LISTS], index * 7919 % ENTRIES) for index in range(lookups)]
    start = perf_counter()
    for one, index in places:
        status_at(one, index)
    rate = lookups / (perf_counter() - start)
    print(
        f"{LISTS} lists, {LISTS * ENTRIES / 1e6:.1f} M insured, 1 % revoked + {suspended:.1%} suspended:"
        f" {size} bytes, all verified and unpacked in {taken * 1000:.0f} ms, {rate:,.0f} look-ups/s"
    )
    return size < BUDGET_BYTES


def main() -> None:
    """Print all figures; exit 1 when a budget is missed."""
    kept = sizes()
    kept = portfolio(0.0) and kept
    portfolio(0.005)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
