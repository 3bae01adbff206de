"""Running the desk until it is stopped."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from promisecheck.errors import UsageError
from promisecheck.web.app import create_app
from promisecheck.web.settings import DeskSettings


def serve(
    store_path: str | Path, *, settings: DeskSettings, ready: Callable[[str, str], None] | None = None
) -> None:
    """Serve the desk until it is interrupted.

    A reviewer's and a reader's token are made where the settings hold none, and port 0 takes any free
    port; `ready` is told the two addresses that open the desk, once each. Raises StoreError and UsageError
    as `create_app` does, and UsageError where the port is taken.
    """
    import uvicorn

    settings.check()
    with _listen(settings.host, settings.port) as listening:
        full = replace(
            settings,
            port=listening.getsockname()[1],
            reviewer_token=settings.reviewer_token or secrets.token_urlsafe(24),
            reader_token=settings.reader_token or secrets.token_urlsafe(24),
        )
        config = uvicorn.Config(
            create_app(store_path, settings=full),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ssl_certfile=str(full.certificate) if full.certificate else None,
            ssl_keyfile=str(full.key) if full.key else None,
            limit_concurrency=64,
            timeout_keep_alive=15,
        )
        if ready is not None:
            ready(address(full, full.reviewer_token), address(full, full.reader_token))
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def address(settings: DeskSettings, token: str) -> str:
    """Return the address that opens the desk with a token."""
    name = (
        settings.hosts[0] if settings.behind_proxy and settings.hosts else f"{settings.host}:{settings.port}"
    )
    return f"{'https' if settings.secure else 'http'}://{name}/enter?token={token}"


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host.strip("[]"), port), family=_family(host))
    except OSError as error:
        raise UsageError(
            f"cannot listen there: {error.strerror}", where=f"{host}:{port}", do="choose another --port"
        ) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
