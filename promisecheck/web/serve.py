"""Running the desk until it is stopped."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from promisecheck.web.app import create_app
from promisecheck.web.settings import DeskSettings


def serve(
    store_path: str | Path, *, settings: DeskSettings, ready: Callable[[str, str], None] | None = None
) -> None:
    """Serve the desk until it is interrupted.

    A reviewer's and a reader's token are made where the settings hold none; `ready` is told the two
    addresses that open the desk, once each. Raises StoreError and UsageError as `create_app` does.
    """
    import uvicorn

    full = replace(
        settings,
        reviewer_token=settings.reviewer_token or secrets.token_urlsafe(24),
        reader_token=settings.reader_token or secrets.token_urlsafe(24),
    )
    app = create_app(store_path, settings=full)
    if ready is not None:
        ready(address(full, full.reviewer_token), address(full, full.reader_token))
    uvicorn.run(
        app,
        host=full.host,
        port=full.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        ssl_certfile=str(full.certificate) if full.certificate else None,
        ssl_keyfile=str(full.key) if full.key else None,
        limit_concurrency=64,
        timeout_keep_alive=15,
    )


def address(settings: DeskSettings, token: str) -> str:
    """Return the address that opens the desk with a token."""
    name = (
        settings.hosts[0] if settings.behind_proxy and settings.hosts else f"{settings.host}:{settings.port}"
    )
    return f"{'https' if settings.secure else 'http'}://{name}/enter?token={token}"
