"""The review desk's door: an application for one database, and the server that runs it."""

from __future__ import annotations

from promisecheck.web.app import create_app
from promisecheck.web.serve import address, serve
from promisecheck.web.settings import DeskSettings

__all__ = ["DeskSettings", "address", "create_app", "serve"]
