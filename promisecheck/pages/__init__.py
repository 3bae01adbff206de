"""The door of the room: what was fetched → a page whose blocks know their place."""

from promisecheck.pages.backends import BACKENDS, Backend
from promisecheck.pages.read import PageError, read_page

__all__ = ["BACKENDS", "Backend", "PageError", "read_page"]
