"""Forms as they arrive: fields and files, read with all faults at once, each beside its field."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict, State, UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, HTTPException

from polisbridge.web.pages import PageRequest
from polisbridge.words import Words

_FORMS = (RequestEncodingType.MULTI_PART, RequestEncodingType.URL_ENCODED)
_YEARS = range(1900, 2100)  # what anybody alive can mean
_SHOWN = 60  # characters of a wrong value that are said back
_AS_WRITTEN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")  # 31.12.2026, as people of the region write it


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form."""

    field: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it was sent: each field's first value, and the files that are not empty."""

    values: Mapping[str, str]
    files: tuple[Upload, ...] = ()

    def file(self, names: Iterable[str]) -> Upload | None:
        """Return the first file of the fields named."""
        wanted = tuple(names)
        return next((one for one in self.files if one.field in wanted), None)


class FormRequest(Request[Any, Any, State]):
    """A request whose form, when it cannot be read, is the sender's fault and not ours."""

    async def form(self) -> FormMultiDict:
        """Return the form. Raises ClientException for bytes that are not text, or of an encoding nobody knows."""
        try:
            return await super().form()
        except (UnicodeError, LookupError, ValueError) as exc:
            raise ClientException from exc


async def posted(request: PageRequest) -> Posted:
    """Return the form of a request. Raises HTTPException 415 when it holds none."""
    if request.content_type[0] not in _FORMS:
        raise HTTPException(status_code=415)
    values, files = dict[str, str](), list[Upload]()
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            if data:
                files.append(Upload(name, value.filename or name, data))
        elif isinstance(value, str):
            values.setdefault(name, value)
    return Posted(values, tuple(files))


@dataclass(slots=True)
class FormReader:
    """Reads fields into values. What is wrong is noted by field, in words, and reading goes on."""

    values: Mapping[str, str]
    words: Words
    faults: dict[str, list[str]] = field(default_factory=dict)

    def fault(self, name: str, key: str, **values: object) -> None:
        """Note what is wrong with a field, by the key of its words."""
        said = self.words(key, **values)
        if said not in self.faults.setdefault(name, []):
            self.faults[name].append(said)

    def text(self, name: str) -> str:
        """Return what was written in a field; empty when nothing."""
        return self.values.get(name, "").strip()

    def choice(self, name: str, options: Container[str], *, needed: bool = False) -> str | None:
        """Return the option chosen; None when none was, which is a fault when one is needed."""
        chosen = self.text(name)
        if not chosen:
            if needed:
                self.fault(name, "web.fault.needed")
            return None
        if chosen not in options:
            self.fault(name, "web.fault.choice", found=shortened(chosen))
            return None
        return chosen

    def day(self, name: str) -> date | None:
        """Return a day, written as 2026-12-31 or 31.12.2026; None when none was."""
        written = self.text(name)
        if not written:
            return None
        day = _day(written)
        if day is None:
            self.fault(name, "web.fault.day", found=shortened(written))
        elif day.year not in _YEARS:
            self.fault(name, "web.fault.far")
            return None
        return day

    def period(self, first: str, last: str) -> tuple[date | None, date | None]:
        """Return two days of which the last is not before the first."""
        begin, end = self.day(first), self.day(last)
        if begin and end and end < begin:
            self.fault(last, "web.fault.order")
        return begin, end


def _day(written: str) -> date | None:
    match = _AS_WRITTEN.fullmatch(written)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(written)
    except ValueError:
        return None


def shortened(text: str) -> str:
    """Return a wrong value short enough to be said back."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
