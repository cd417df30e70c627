from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import UnexpectedAnswerError
from custom_components.vendor_bridge.bridge.http.addresses import Addresses, origin_of

from .helpers import ManualClock

LOCAL = URL("http://192.168.1.5/api/")
CLOUD = URL("https://api.example.com:443")


def make(*urls: URL) -> tuple[Addresses, ManualClock]:
    clock = ManualClock()
    return Addresses(urls, clock, return_after=60), clock


def first(addresses: Addresses, *, idempotent: bool = True) -> int:
    return addresses.candidates("/x", idempotent=idempotent)[0][0]


def test_base_paths() -> None:
    addresses, _ = make(LOCAL, CLOUD)
    assert [str(url) for _, url in addresses.candidates("/a%2Fb?c=%2B", idempotent=True)] == [
        "http://192.168.1.5/api/a%2Fb?c=%2B",
        "https://api.example.com/a%2Fb?c=%2B",
    ]
    assert addresses.current == URL("http://192.168.1.5/api")


def test_no_address() -> None:
    with pytest.raises(ValueError, match="at least one"):
        make()


def test_the_one_that_works_is_kept() -> None:
    addresses, clock = make(LOCAL, CLOUD)
    addresses.failed(0)
    addresses.succeeded(1)
    assert addresses.current == URL("https://api.example.com")
    clock.seconds += 59
    assert first(addresses) == 1
    clock.seconds += 1
    # A command does not try out what did not work.
    assert first(addresses, idempotent=False) == 1
    assert first(addresses) == 0
    addresses.failed(0)
    assert first(addresses) == 1
    clock.seconds += 60
    addresses.succeeded(0)
    assert first(addresses, idempotent=False) == 0


def test_all_of_them_fail() -> None:
    addresses, _ = make(LOCAL, CLOUD)
    for number in (0, 1):
        addresses.failed(number)
    assert first(addresses) == 0


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://api.example.com/b", "https://api.example.com/b"),
        ("https://api.example.com:443/b#part", "https://api.example.com/b"),
        ("https://someone:secret@api.example.com/b", "https://api.example.com/b"),
        ("https://API.example.com/b", "https://api.example.com/b"),
        ("/b", "https://api.example.com/b"),
        ("b?c=1", "https://api.example.com/v1/b?c=1"),
        ("//api.example.com/b", "https://api.example.com/b"),
        ("\\\\evil.example.com", "https://api.example.com/v1/%5C%5Cevil.example.com"),
    ],
)
def test_redirects_that_stay(link: str, target: str) -> None:
    addresses, _ = make(LOCAL, CLOUD)
    assert str(addresses.own(link, URL("https://api.example.com/v1/a"))) == target


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/b",
        "https://api.example.com.evil.example.com/b",
        "https://api.example.com@evil.example.com/b",
        "https://api.example.com:8443/b",
        "//evil.example.com/b",
        "http://192.168.1.5/api/x",
        "http://api.example.com/b",
        "ftp://api.example.com/b",
        "javascript:alert(1)",
        "https://[::1",
        "https://api.example.com:99999/",
    ],
)
def test_redirects_that_leave(link: str) -> None:
    addresses, _ = make(LOCAL, CLOUD)
    with pytest.raises(UnexpectedAnswerError):
        addresses.own(link, URL("https://api.example.com/v1/a"))


def test_a_vendor_that_moves_to_https() -> None:
    addresses, _ = make(URL("http://hub.local"))
    base = URL("http://hub.local/a")
    assert str(addresses.own("https://hub.local/a", base)) == "https://hub.local/a"
    for elsewhere in ("https://hub.local:8443/a", "https://other.local/a"):
        with pytest.raises(UnexpectedAnswerError):
            addresses.own(elsewhere, base)


@given(st.text(), st.booleans())
def test_any_link(link: str, redirected: bool) -> None:
    addresses, _ = make(LOCAL, CLOUD)
    try:
        url = addresses.own(link, URL("https://api.example.com/v1/a") if redirected else None)
    except UnexpectedAnswerError:
        return
    assert origin_of(url) in {origin_of(LOCAL), origin_of(CLOUD)}


@given(st.text(st.characters(max_codepoint=0x17F)))
def test_any_path(path: str) -> None:
    addresses, _ = make(LOCAL, CLOUD)
    try:
        candidates = addresses.candidates("/" + path, idempotent=True)
    except UnexpectedAnswerError:
        return
    assert [origin_of(url) for _, url in candidates] == [origin_of(LOCAL), origin_of(CLOUD)]
    assert candidates[0][1].raw_path.startswith("/api/")
