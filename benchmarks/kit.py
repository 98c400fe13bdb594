"""How large everything is that a verifier of 50 million insured carries along: trust, law, rates and status.

Twelve states with two insurers each, the law that ships, the rates of one day for 34 currencies from each central
bank (their prices are invented, their form and number are not), and 48 status lists of 2^20 entries, four for each
state. All of it is signed, published and synchronised into a kit by the program itself, once for each share of
revoked certificates. "x" is status lists by the entropy bound n * H(p) of their entries. The sum of what is
published is what has to be carried or fetched. The kit's folder holds trust and law twice, as the TUF client keeps
them and as they are read offline. Exit 1 when at 1 % revoked the sum is not under 1 MB or x is above 1.4.
"""

import json
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter

from status_list import BUDGET_BYTES, BUDGET_RATIO, BUDGET_SHARE, SIGNER, a_list, bound
from trust import NOW, STATES, files_of, repository

from polisbridge.adapters.trust_store import DiskClient, FolderTree, fetched
from polisbridge.core.status import ENTRIES, ListName
from polisbridge.formats.codelists import currencies
from polisbridge.formats.statuslist import MAX_BYTES, write_status_list
from polisbridge.services.statuskit import ListSync, StatusKit
from polisbridge.services.trust.sync import sync

LISTS_EACH = 4
SHARES = ((0.001, 0.0), (0.01, 0.0), (0.01, 0.005))
CURRENCIES = sorted(currencies())[::5][:34]
OWN = dict(
    zip(STATES, ("AMD", "AZN", "BYN", "GEL", "KGS", "KZT", "MDL", "RUB", "TJS", "TMT", "UAH", "UZS"), strict=True)
)


def state_files(state: str) -> dict[str, bytes]:
    """Return the files of a state, its rates among them."""
    draw = Random(state)
    rates = [
        {"day": f"{NOW:%Y-%m-%d}", "currency": one, "price": f"{draw.uniform(0.1, 900):.4f}"}
        for one in CURRENCIES
        if one != OWN[state]
    ]
    table = {"source": f"Central bank of {state}, official rates", "state": state, "base": OWN[state], "rates": rates}
    return {
        **files_of(state, [SIGNER.public_key] * LISTS_EACH),
        "rates.yaml": json.dumps({"tables": [table]}, indent=0).encode(),
    }


def publish_lists(public: Path, revoked: float, suspended: float) -> int:
    """Put every list where the trust data says that it is; return their bytes."""
    size = 0
    for state in STATES:
        for number in range(1, LISTS_EACH + 1):
            path = public / "status" / state / str(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            one = a_list(revoked, suspended, ListName(state, number), NOW.replace(microsecond=0))
            size += path.write_bytes(write_status_list(one, SIGNER, smallest=True))
    return size


def size_below(folder: Path, pattern: str = "*") -> int:
    """Return the bytes of all files below the folder, links not followed."""
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file() and not path.is_symlink())


def synchronised(public: Path, kit: Path) -> float:
    """Bring everything published into a new kit; return the seconds. Ends the run when a list was not taken."""
    begin = perf_counter()
    anchor = (public / "metadata" / "1.root.json").read_bytes()
    view = sync(FolderTree(kit), DiskClient(kit), str(public), NOW, anchor).view
    became = StatusKit(FolderTree(kit), view).sync(lambda where: fetched(str(public), where, MAX_BYTES), NOW)
    if set(became.values()) != {ListSync.FETCHED} or len(became) != LISTS_EACH * len(STATES):
        sys.exit(f"lists not taken: {became}")
    return perf_counter() - begin


def print_parts(public: Path) -> int:
    """Print the bytes of what is published besides status lists, by part; return their sum."""
    targets = public / "targets"
    parts = {
        "trust metadata (TUF), twelve states": size_below(public / "metadata"),
        "law of all states": size_below(targets, "*law.json.z"),
        "rates of all states": size_below(targets, "*rates.yaml"),
        "insurers, status sources, assistance": size_below(targets)
        - size_below(targets, "*law.json.z")
        - size_below(targets, "*rates.yaml"),
    }
    for name, size in parts.items():
        print(f"{size:>10,} B  {name}")
    return sum(parts.values())


def main() -> None:
    """Build, publish, synchronise, print; exit 1 when a budget is missed."""
    lists, kept = LISTS_EACH * len(STATES), True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        public = folder / "repo" / "public"
        repository(FolderTree(folder / "repo"), state_files)
        fixed = print_parts(public)
        print(f"\n{lists} status lists, {lists * ENTRIES / 1e6:.1f} M insured, and everything together:")
        print("revoked suspended  status lists      x        all of it   kit's folder  synchronised")
        for number, (revoked, suspended) in enumerate(SHARES):
            size = publish_lists(public, revoked, suspended)
            seconds, kit = synchronised(public, folder / f"kit{number}"), folder / f"kit{number}"
            ratio = size / lists / bound((revoked, suspended))
            print(
                f"{revoked:7.1%} {suspended:9.1%} {size:11,} B {ratio:6.2f} {fixed + size:14,} B"
                f" {size_below(kit):12,} B {seconds:11.2f} s"
            )
            if (revoked, suspended) == (BUDGET_SHARE, 0.0):
                kept = fixed + size < BUDGET_BYTES and ratio <= BUDGET_RATIO
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
