"""Addresses: the key under which two spellings count as one, and which addresses belong to a company's site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What tells visitors apart, not pages.
_IGNORED_PARAMETERS = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_hs\w+|mc_[ce]id|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|yclid|"
    r"igshid|ttclid|twclid|_ga|_gl|srsltid|"
    r"(?:php)?sess(?:ion)?_?id|j?sessionid|aspsessionid\w*|sid|cfid|cftoken|zenid|oscsid",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";j?sessionid=[^/?]*|/\(S\([a-z0-9]+\)\)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"/(?:[\w%~-][\w%~.-]*+/)*+(?:[\w%~-][\w%~.-]*+)?")
_ORIGIN = re.compile(r"https?://[\w.-]+(?::\d{1,4})?(?=[/?]|$)")
_SLASHES = re.compile(r"/{2,}")


def absolute(base: str, href: str) -> str:
    """Return `href` as an absolute http(s) address without its fragment, or an empty string."""
    href = href.strip()
    if _PLAIN_PATH.fullmatch(href) and (origin := _ORIGIN.match(base)):
        # Most links of a site look like this, and taking addresses apart is slow.
        return origin[0] + href
    try:
        joined = urljoin(base, href)
        parts = urlsplit(joined)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return ""
        if parts.port == 0 or parts.username is not None:
            return ""
        return urlunsplit(parts._replace(path=parts.path or "/", fragment=""))
    except ValueError:
        return ""


def url_key(url: str) -> str:
    """Return the canonical form of an absolute address; it serves as a key and is never fetched."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    port = parts.port
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    path = parts.path
    if ";" in path or "(" in path:
        path = _SESSION_IN_PATH.sub("", path)
    if "%" in path or not path.isascii():
        path = quote(unquote(path), safe="/:@!$&'()*+,;=-._~")
    path = _INDEX.sub("/", _SLASHES.sub("/", path)).rstrip("/") or "/"
    query = _query(parts.query) if parts.query else ""
    return f"{host}{path}?{query}" if query else host + path


def key_of(url: str) -> str:
    """Return the key of an address as somebody wrote it, or an empty string where it is none."""
    address = absolute(url, "")
    return url_key(address) if address else ""


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = sorted(f"{name}={value}" for name, value in pairs if not _IGNORED_PARAMETERS.fullmatch(name))
    return "&".join(kept)


@dataclass(frozen=True, slots=True)
class Site:
    """Say which addresses are a company's own: its host, with or without www., and the hosts below it."""

    host: str
    port: int | None

    @classmethod
    def of(cls, home_url: str) -> Site:
        """Return the site that `home_url` is the home page of."""
        parts = urlsplit(home_url)
        host = (parts.hostname or "").lower().rstrip(".").removeprefix("www.")
        port = parts.port
        return cls(host, None if port in (None, 80, 443) else port)

    def holds(self, url: str) -> bool:
        """Return whether `url` belongs to the site."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme not in _DEFAULT_PORTS or (None if port in (None, 80, 443) else port) != self.port:
            return False
        host = (parts.hostname or "").lower().rstrip(".")
        return host == self.host or host.endswith("." + self.host)


def origin_of(url: str) -> str:
    """Return scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"
