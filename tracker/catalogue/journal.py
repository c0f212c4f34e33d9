"""What an update has harvested so far: two files beside the catalogue, so that it can be cut off at any moment.

`*.update.jsonl` holds the records, one line each in our own format, the later ones newer; `*.update.json` says how
far the harvest has come, and how many bytes of the other file belong to it. A page is added in this order: its
lines, then, in one step, the new state; what a killed process has written beyond the state is cut off.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.errors import CatalogueError

Line = Mapping[str, Any]


class State(BaseModel):
    """How far a harvest has come."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    format: Literal[1] = 1
    url: str
    """The service that is asked."""
    since: date
    """The day up to which the catalogue was harvested before: the harvest is everything from then on."""
    start: date
    """The day from which the list is asked for whose pages are being read; later than `since` where the service
    has let it expire, and it was asked for again."""
    token: str = ""
    """Stands for the next page of that list; "" for the first."""
    reached: date | None = None
    """The latest datestamp so far."""
    is_ordered: bool = True
    """Whether all records came in the order of their datestamps, so that all before `reached` are here."""
    answered: date | None = None
    """The earliest day on which a page of that list was made: whatever has changed since then may be lacking."""
    is_complete: bool = False
    """Whether the list has ended."""
    records: int = 0
    """Lines of the journal."""
    size: int = 0
    """Bytes of the journal that belong to the state."""
    left_out: int = 0
    """Records that could not be used."""

    @property
    def until(self) -> date:
        """The day from which the next update has to ask, once this one is complete."""
        return max(self.since, self.answered or self.reached or self.since)


class Journal:
    """The journal of a catalogue. Only who holds the catalogue's lock may use it, but for `peek`.

    Everything raises `CatalogueError` where a file cannot be read or written.
    """

    def __init__(self, catalogue: Path) -> None:
        target = Path(os.path.realpath(catalogue))
        self.path = target.with_name(f"{target.name}.update.jsonl")
        self._state_path = target.with_name(f"{target.name}.update.json")
        self._new_state_path = target.with_name(f"{target.name}.update.json.new")
        self.state: State | None = None
        """None where nothing was begun."""

    def read(self) -> None:
        """Take up what an earlier process has left; what is damaged counts as nothing."""
        if state := self.peek():
            with self._told():
                os.truncate(self.path, state.size)
            self.state = state

    def peek(self) -> State | None:
        """What an earlier process has left, for whoever only wants to know."""
        with self._told():
            try:
                state = State.model_validate_json(self._state_path.read_bytes())
                return state if state.size <= self.path.stat().st_size else None
            except (FileNotFoundError, ValidationError):
                return None

    def begin(self, state: State) -> None:
        """Begin anew, without a record."""
        self.remove()
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()
        self._keep(state)

    def add(self, lines: Iterable[Line], state: State) -> None:
        """Add the lines of a page; `state` is the new one but for the numbers of lines and bytes."""
        assert self.state is not None
        with self._told(), self.path.open("ab") as file:
            count = 0
            for count, line in enumerate(lines, 1):  # noqa: B007
                file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        self._keep(state.model_copy(update={"records": self.state.records + count, "size": size}))

    def remove(self) -> None:
        """Take the journal away."""
        self.state = None
        with self._told():
            for path in (self._state_path, self._new_state_path, self.path):
                path.unlink(missing_ok=True)

    def _keep(self, state: State) -> None:
        with self._told():
            with self._new_state_path.open("wb") as file:
                file.write(state.model_dump_json().encode())
                file.flush()
                os.fsync(file.fileno())
            self._new_state_path.replace(self._state_path)
        self.state = state

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CatalogueError(f"{self.path}: cannot be read or written: {error.strerror}") from None
