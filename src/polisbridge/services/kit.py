"""The kit of a folder: what was synchronised there, opened for verifying."""

from collections.abc import Callable, Mapping

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.statuskit import StatusKit
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.sync import load_view
from polisbridge.services.verify import Kit


def open_kit(tree: FileTree, state: str, law_of: Callable[[Mapping[str, bytes]], LawBook]) -> Kit:
    """Return what the kit holds, with the law of the state of stay; nothing of it when it was never synchronised.

    Raises PolisbridgeError when what is there is damaged.
    """
    try:
        view = load_view(tree)
    except PolisbridgeError as exc:
        if exc.code is not ErrorCode.NO_TRUST:
            raise
        return Kit(None, None, None)
    files = view.law_files(state) if state else {}
    laws = AppliedLaws(law_of(files), view.rates()) if files else None
    return Kit(view, StatusKit(tree, view), laws)
