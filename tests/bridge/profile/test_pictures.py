"""Pictures: fetched with the sign-in, once while they stay the same, and nothing but pictures."""

import base64
from typing import Any

from aiohttp import web
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    CommandError,
    NotFoundError,
    ProfileError,
    UnexpectedAnswerError,
)
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.pictures import picture_type

from .conftest import HEAD, MakeClient
from .vendor import Vendor

SIGNED = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}, key: {type: secret}}
api: {base_url: "{setup.url}", auth: {type: bearer, token: "{setup.key}"}}
"""
PROFILE = """
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: "/status/{device.id}"}}}
types:
  tv:
    image:
      plain: {picture: {get: "/picture/{device.id}"}}
      cover: {picture_path: cover, picture: {get: "{now.picture_path:path}"}}
      coded: {image_encoding: b64, picture: {get: /coded}}
    sensor: {title: {value: title}}
"""
TV = Device(id="tv", type="tv")
PNG = b"\x89PNG\r\n\x1a\n and more"
JPEG = b"\xff\xd8\xff\xe0 and more"


def served(content: bytes, tag: str) -> Any:
    """Return what answers with a file, unless its reader has that one already."""

    def answer(seen: Any) -> web.Response:
        if seen["headers"].get("Authorization") != "Bearer s3cret":
            return web.Response(status=401)
        if seen["headers"].get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=content, content_type="text/plain", headers={"ETag": tag})

    return answer


async def signed_in(make_client: MakeClient) -> ProfileClient:
    return await make_client(PROFILE, SIGNED, key="s3cret")


async def test_it_carries_the_sign_in_and_comes_once(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /picture/tv"] = served(PNG, '"1"')
    client = await signed_in(make_client)
    first = await client.fetch(TV, "image.plain")
    assert (first.content, first.content_type) == (PNG, "image/png")
    assert (await client.fetch(TV, "image.plain")).content is first.content
    assert client.connection.stats.unchanged == 1
    vendor.answers["GET /picture/tv"] = served(JPEG, '"2"')
    assert (await client.fetch(TV, "image.plain")).content_type == "image/jpeg"
    assert all("s3cret" not in line for line, _ in vendor.asked)


async def test_the_vendor_may_say_where_it_is(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /status/tv"] = {"title": "News", "cover": "/covers/7"}
    vendor.answers["GET /covers/7"] = served(PNG, '"7"')
    client = await signed_in(make_client)
    with pytest.raises(NotFoundError, match=r"now\.picture_path"):
        await client.fetch(TV, "image.cover")
    await client.read("status", [TV])
    assert (await client.fetch(TV, "image.cover")).content == PNG


async def test_another_host_is_never_asked(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /status/tv"] = {"title": "News", "cover": "http://elsewhere.example/7"}
    client = await signed_in(make_client)
    await client.read("status", [TV])
    with pytest.raises((UnexpectedAnswerError, CommandError, NotFoundError)):
        await client.fetch(TV, "image.cover")


async def test_base64(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /coded"] = lambda _: web.Response(body=base64.b64encode(PNG))
    client = await signed_in(make_client)
    assert (await client.fetch(TV, "image.coded")).content == PNG
    vendor.answers["GET /coded"] = lambda _: web.Response(body=b"QUJ")
    with pytest.raises(UnexpectedAnswerError, match="no base64"):
        await client.fetch(TV, "image.coded")


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"<svg onload='alert(1)'/>", b'{"error": 1}', b"\x89PN"],
)
async def test_what_is_no_picture_is_refused(
    vendor: Vendor, make_client: MakeClient, content: bytes
) -> None:
    vendor.answers["GET /picture/tv"] = lambda _: web.Response(
        body=content, content_type="image/png"
    )
    client = await signed_in(make_client)
    with pytest.raises(UnexpectedAnswerError, match="no picture"):
        await client.fetch(TV, "image.plain")


async def test_one_that_is_too_large_is_refused(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /picture/tv"] = lambda _: web.Response(body=PNG + bytes(9 * 2**20))
    client = await signed_in(make_client)
    with pytest.raises(UnexpectedAnswerError, match=r"larger|more than|too"):
        await client.fetch(TV, "image.plain")


async def test_what_has_none(vendor: Vendor, make_client: MakeClient) -> None:
    client = await signed_in(make_client)
    with pytest.raises(NotFoundError):
        await client.fetch(TV, "image.plain")
    with pytest.raises(CommandError, match=r"sensor\.title has no picture"):
        await client.fetch(TV, "sensor.title")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypmp42", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"", None),
    ],
)
def test_what_a_file_is_by_how_it_begins(content: bytes, expected: str | None) -> None:
    assert picture_type(content) == expected


def test_an_image_needs_a_picture() -> None:
    text = PROFILE.replace(
        'plain: {picture: {get: "/picture/{device.id}"}}', "plain: {picture_path: p}"
    )
    with pytest.raises(ProfileError, match="an image needs picture"):
        parse_profile(HEAD + text, "tiny.yaml")
