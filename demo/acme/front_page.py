"""What somebody finds who opens the server's address in a browser."""

from aiohttp import web

from .api.answers import answer


async def front_page(request: web.Request) -> web.Response:  # noqa: ARG001 - the same for all
    """``GET /``."""
    return answer(
        {"name": "Acme Home", "documentation": "docs/acme-api.md", "house": "/_sim/house"}
    )
