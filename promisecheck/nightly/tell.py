"""Telling people: one message through apprise, and a dead-man ping; neither ever ends a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promisecheck.errors import UsageError
from promisecheck.nightly.digest import Digest

PING_SECONDS = 10.0


def check_channels(urls: Sequence[str]) -> None:
    """Raise UsageError where a channel's address is no address that apprise knows, or apprise is missing."""
    if urls:
        _open_channels(urls)


def send_digest(digest: Digest, urls: Sequence[str]) -> bool:
    """Send a message to every channel and return whether all of them took it; an empty one is not sent."""
    if not digest or not urls:
        return True
    channels, formats = _open_channels(urls)
    return bool(channels.notify(title=digest.title, body=digest.html, body_format=formats.HTML))


def ping(address: str, end: str = "") -> bool:
    """Ask the dead-man address, with "/start" or "/<exit code>" after it; return whether it answered."""
    if not address:
        return True
    import requests

    try:
        answer = requests.get(f"{address.rstrip('/')}{end}", timeout=PING_SECONDS, allow_redirects=False)
    except (requests.RequestException, OSError, ValueError):
        return False
    return answer.ok


def _open_channels(urls: Sequence[str]) -> tuple[Any, Any]:
    try:
        from apprise import Apprise, NotifyFormat
    except ImportError:
        raise UsageError(
            "telling people needs apprise", where="notify.urls", do='pip install "promisecheck[notify]"'
        ) from None
    channels = Apprise()
    for n, url in enumerate(urls, 1):
        # The address itself may hold a password: it is named by its number.
        if not channels.add(url):
            raise UsageError(
                f"channel {n} is no address that apprise knows", where="notify.urls",
                do="see https://github.com/caronc/apprise/wiki",
            )  # fmt: skip
    return channels, NotifyFormat
