"""Errors that reach the user: each is one line saying what, where, and what to do next.

The command line turns the class into its exit code: `TrackerError` 2, `NetworkError` 3.
"""


class TrackerError(Exception):
    """Bad usage or bad input: the base of every error that a user can mend."""

    exit_code = 2


class InputError(TrackerError):
    """A document, file or argument that cannot be used."""


class CatalogueError(TrackerError):
    """The catalogue is missing, damaged, or of another format."""


class LibraryError(TrackerError):
    """The reader's library cannot be opened, read or written."""


class TemplateError(TrackerError):
    """A template or a file of topics of the user's is wrong."""


class NetworkError(TrackerError):
    """The network or another machine failed; nothing was lost, and asking again later may help."""

    exit_code = 3


class SourceUnavailable(NetworkError):
    """No usable answer came: connection, time-out, 429 or 5xx after all retries."""


class SourceRefused(NetworkError):
    """The source answered that the question itself is wrong (4xx); asking again will not help."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        """Of HTTP."""


class BadReply(NetworkError):
    """An answer came that is not what the source's format promises (an HTML page, cut XML, another
    record)."""
