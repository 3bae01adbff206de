"""Addresses written on a page → absolute ones; only http, https, mailto and tel links are kept."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

_KEPT = ("http", "https", "mailto", "tel")


class Links:
    """Resolve addresses against the page's own, or against its `<base href>`."""

    def __init__(self, base: str) -> None:
        self._rebased = False
        self._set(base)

    def rebase(self, href: str) -> None:
        """Take the first `<base href>` of the page."""
        if href and not self._rebased:
            self._rebased = True
            self._set(self.resolve(href) or self._base)

    def resolve(self, href: str) -> str:
        """Return the absolute address, or an empty string for one that leads nowhere."""
        href = href.strip()
        if href.startswith(("https://", "http://")):
            return href
        if href.startswith("/") and not href.startswith("//"):
            return self._origin + href
        try:
            joined = urljoin(self._base, href)
            return joined if urlsplit(joined).scheme in _KEPT else ""
        except ValueError:
            return ""

    def _set(self, base: str) -> None:
        self._base = base
        parts = urlsplit(base)
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
