"""Every error the program raises on purpose; each names what is wrong, where, and what to do.

PromisecheckError
├── UsageError            wrong flag, config, rule file or incident file      exit 2
│   ├── ConfigError       promisecheck.toml
│   ├── RuleError         a file under rules/
│   ├── IncidentFileError a file given to --incidents
│   └── InputError        a JSON line given to extract, judge or signals
├── IncompleteError       a site, page or source could not be read            exit 3
│   └── FetchError        one request that brought no answer
├── StoreError            the database cannot be read or is newer than this program   exit 2
└── LockedError           another run holds the lock                          exit 75
"""

from __future__ import annotations


class PromisecheckError(Exception):
    """Say what is wrong, where it is and what to do about it, in one line."""

    exit_code = 4

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what = what
        self.where = where
        self.do = do
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} ({self.do})" if self.do else head


class UsageError(PromisecheckError):
    """Report wrong use: a flag, a config key, a rule file or an incident file."""

    exit_code = 2


class ConfigError(UsageError):
    """Report a config file that cannot be used."""


class RuleError(UsageError):
    """Report a rule file that cannot be used: names file, rule and key."""


class IncidentFileError(UsageError):
    """Report an incident file, or a row of it, that cannot be read."""


class InputError(UsageError):
    """Report a line of JSON that cannot be read: names file and line."""


class StoreError(UsageError):
    """Report a database that cannot be opened, or that a newer program wrote."""


class IncompleteError(PromisecheckError):
    """Report that a site, a page or a source could not be read."""

    exit_code = 3


class FetchError(IncompleteError):
    """Report one request that brought no usable answer."""


class LockedError(PromisecheckError):
    """Report that another run holds the lock."""

    exit_code = 75
