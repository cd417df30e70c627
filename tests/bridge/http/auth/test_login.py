import asyncio
from datetime import timedelta
from typing import Any

from aioresponses import aioresponses
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http import Limits, Retry
from custom_components.vendor_bridge.bridge.http.auth import Place, Rejection, Tokens, Where
from custom_components.vendor_bridge.bridge.http.doubt import LASTING, PAUSE

from ..conftest import Connect
from ..helpers import EagerClock, get, post, settle
from .vendor import TokenVendor, make_auth

ONCE = Retry(attempts=1)


@pytest.fixture
def clock() -> EagerClock:
    return EagerClock()


@pytest.fixture
def acme(vendor: aioresponses, clock: EagerClock) -> TokenVendor:
    return TokenVendor(vendor, clock)


async def test_one_login_for_all_who_wait(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    acme.gate.clear()
    tasks = [
        asyncio.create_task(connection.send(get(f"/x?{n}" if n > 99 else "/x"))) for n in range(9)
    ]
    await settle()
    acme.gate.set()
    answers = await asyncio.gather(*tasks)
    assert {answer.data["token"] for answer in answers} == {"token-1"}
    assert (acme.logins, acme.refreshes) == (1, 0)


async def test_signing_in_on_purpose(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    await connection.sign_in()
    await connection.send(get())
    assert (acme.logins, acme.reads) == (1, 1)


async def test_renewal_ahead_of_time(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    saved: list[Any] = []
    connection = connect(auth=make_auth(save_tokens=saved.append), clock=clock)
    await connection.send(get())
    clock.seconds += 79
    await connection.send(get())
    await settle()
    assert acme.refreshes == 0
    # A fifth of the life before the end. Nobody waits for it.
    clock.seconds += 2
    acme.gate.clear()
    assert (await connection.send(get())).data == {"token": "token-1"}
    await settle()
    acme.gate.set()
    await settle()
    assert acme.refreshes == 1
    assert (await connection.send(get())).data == {"token": "token-2"}
    assert (acme.logins, acme.refreshes) == (1, 1)
    assert [tokens["token"] for tokens in saved] == ["token-1", "token-2"]


@pytest.mark.parametrize(("life", "early"), [(10.0, 2.0), (86400.0, 60.0)])
def test_how_early(life: float, early: float, clock: EagerClock) -> None:
    now = clock.now()
    tokens = Tokens(token="t", expires_in=life).obtained(now)
    end = now + timedelta(seconds=life)
    assert not tokens.is_due(end - timedelta(seconds=early + 0.1))
    assert tokens.is_due(end - timedelta(seconds=early))
    assert not tokens.is_expired(end - timedelta(seconds=0.1))
    assert tokens.is_expired(end)


async def test_a_failed_renewal_ahead_of_time_disturbs_nobody(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    await connection.send(get())
    clock.seconds += 85
    acme.refresh_status = 503
    for _ in range(5):
        assert (await connection.send(get())).data == {"token": "token-1"}
        await settle()
    # Not with every request, but again after a while.
    assert acme.refreshes == 1
    clock.seconds += 11
    await connection.send(get())
    await settle()
    assert acme.refreshes == 2
    clock.seconds += 11
    with pytest.raises(OutageError, match="POST /refresh: 503"):
        await connection.send(get(idempotent=False))
    acme.refresh_status = None
    assert (await connection.send(get())).data == {"token": "token-2"}
    assert acme.logins == 1


@pytest.mark.parametrize("command", [True, False])
async def test_a_rejected_token_is_renewed_and_the_request_repeated(
    acme: TokenVendor, connect: Connect, clock: EagerClock, command: bool
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    await connection.send(get())
    acme.good.clear()
    requests = [post() if command else get() for _ in range(5)]
    answers = await asyncio.gather(*(connection.send(request) for request in requests))
    assert {answer.data["token"] for answer in answers} == {"token-2"}
    assert (acme.logins, acme.refreshes, acme.reads) == (1, 1, 11)


async def test_a_latecomer_is_not_signed_in_again(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    await connection.send(get())
    acme.good.clear()
    acme.slow = asyncio.Event()
    late = asyncio.create_task(connection.send(get("/slow")))
    await settle()
    assert (await connection.send(get())).data == {"token": "token-2"}
    # Its token was rejected too, but there is a newer one already.
    acme.slow.set()
    assert (await late).data == {"token": "token-2"}
    assert acme.refreshes == 1


async def test_a_token_that_is_rejected_at_once(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    acme.read_status = 401
    with pytest.raises(UnexpectedAnswerError, match="new credentials are not accepted either"):
        await connection.send(get())
    assert (acme.logins, acme.refreshes, acme.reads) == (1, 1, 2)

    # That is the vendor's trouble. It is not asked for more credentials at once ...
    with pytest.raises(UnexpectedAnswerError):
        await connection.send(get())
    assert (acme.logins, acme.refreshes, acme.reads) == (1, 1, 3)

    # ... the user is asked when it lasts ...
    clock.seconds += LASTING + 1
    with pytest.raises(SignInError, match="new credentials are not accepted either"):
        await connection.send(get())

    # ... and it is over as soon as the vendor thinks better of it.
    acme.read_status = None
    clock.seconds += PAUSE
    await connection.send(get())
    acme.read_status = 401
    clock.seconds += PAUSE
    with pytest.raises(UnexpectedAnswerError):
        await connection.send(get())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_rejected_refresh_leads_to_a_login(
    acme: TokenVendor, connect: Connect, clock: EagerClock, status: int
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    await connection.send(get())
    acme.good.clear()
    acme.refresh_status = status
    assert (await connection.send(get())).data == {"token": "token-2"}
    assert (acme.logins, acme.refreshes) == (2, 1)


async def test_no_refresh(acme: TokenVendor, connect: Connect, clock: EagerClock) -> None:
    connection = connect(auth=make_auth(refreshes=False), clock=clock)
    await connection.send(get())
    clock.seconds += 101
    await connection.send(get())
    assert (acme.logins, acme.refreshes, acme.reads) == (2, 0, 2)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SignInError),
        (401, SignInError),
        (403, SignInError),
        (404, RefusedError),
        (429, RateLimitedError),
        (500, OutageError),
        (502, OutageError),
        (204, UnexpectedAnswerError),
    ],
)
async def test_who_is_to_blame(
    acme: TokenVendor, connect: Connect, clock: EagerClock, status: int, error: type[VendorError]
) -> None:
    acme.login_status = status
    connection = connect(auth=make_auth(), clock=clock, retry=ONCE)
    with pytest.raises(VendorError) as caught:
        await connection.send(get())
    assert isinstance(caught.value, error)
    assert isinstance(caught.value, SignInError) == (error is SignInError)
    assert acme.reads == 0


async def test_a_vendor_that_is_down_is_not_a_wrong_password(
    vendor: aioresponses, connect: Connect
) -> None:
    connection = connect("https://127.0.0.1:1", auth=make_auth(), retry=ONCE)
    # No answer is made up for this address: aioresponses refuses the connection.
    with pytest.raises(UnreachableError):
        await connection.send(get())


async def test_a_wrong_password_is_not_tried_again_at_once(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth("wrong"), clock=clock)
    for _ in range(3):
        with pytest.raises(SignInError, match="POST /login: 401"):
            await connection.send(get())
    assert acme.logins == 1
    acme.password = "wrong"
    clock.seconds += 61
    assert (await connection.send(get())).data == {"token": "token-1"}
    assert acme.logins == 2


async def test_a_refusal_in_the_body_of_a_success(
    vendor: aioresponses, connect: Connect, clock: EagerClock
) -> None:
    vendor.post("https://api.example.com/v1/login", payload={"code": 1010, "message": "bad user"})
    connection = connect(
        auth=make_auth(),
        clock=clock,
        failure_body=lambda answer: answer.data["message"] if answer.data["code"] else None,
    )
    with pytest.raises(SignInError, match="POST /login: bad user"):
        await connection.send(get())


async def test_signed_out_by_another_status_or_by_the_body(
    vendor: aioresponses, connect: Connect, clock: EagerClock
) -> None:
    acme = TokenVendor(vendor, clock)
    rejection = Rejection(
        statuses=frozenset({440}),
        body=lambda answer: "signed out" if answer.data == {"token": "token-2"} else None,
    )
    connection = connect(auth=make_auth(rejection=rejection), clock=clock)
    await connection.send(get())
    acme.read_status = 440
    with pytest.raises(UnexpectedAnswerError):
        await connection.send(get())
    acme.read_status = None
    clock.seconds += PAUSE
    assert acme.number == 2
    assert (await connection.send(get())).data == {"token": "token-3"}


async def test_tokens_survive_a_restart(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    saved: list[Any] = []
    await connect(auth=make_auth(save_tokens=saved.append), clock=clock).send(get())
    clock.seconds += 50
    later = connect(auth=make_auth(tokens=saved[-1]), clock=clock)
    assert (await later.send(get())).data == {"token": "token-1"}
    clock.seconds += 60
    # What has expired meanwhile is refreshed before it is used.
    much_later = connect(auth=make_auth(tokens=saved[-1]), clock=clock)
    assert (await much_later.send(get())).data == {"token": "token-2"}
    assert (acme.logins, acme.refreshes, acme.reads) == (1, 1, 3)


@pytest.mark.parametrize(
    "stored",
    [
        {"token": 5},
        {"token": ""},
        {"token": None, "refresh_token": "refresh"},
        {"expires_at": "yesterday"},
    ],
)
async def test_stored_nonsense_is_no_token(
    acme: TokenVendor, connect: Connect, clock: EagerClock, stored: dict[str, Any]
) -> None:
    await connect(auth=make_auth(tokens=stored), clock=clock).send(get())
    assert acme.logins == 1


async def test_who_leaves_does_not_stop_the_renewal(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    acme.gate.clear()
    first = asyncio.create_task(connection.send(get()))
    second = asyncio.create_task(connection.send(get()))
    await settle()
    first.cancel()
    await settle()
    acme.gate.set()
    assert (await second).data == {"token": "token-1"}
    assert first.cancelled()
    assert acme.logins == 1


async def test_closing_ends_the_renewal(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    acme.gate.clear()
    waiting = asyncio.create_task(connection.send(get()))
    await settle()
    await connection.close()
    with pytest.raises(UnreachableError, match="closed"):
        await waiting
    with pytest.raises(UnreachableError, match="closed"):
        await connection.send(get())
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_a_command_does_not_wait_for_ever_for_the_sign_in(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    acme.gate.clear()
    with pytest.raises(UnreachableError, match=r"not sent: no sign-in within 0\.1 s"):
        await connection.send(post(timeout=0.1))
    acme.gate.set()
    await settle()
    assert acme.reads == 0


async def test_a_sign_in_for_a_command_is_not_held_back(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock)
    acme.read_status = 429
    with pytest.raises(RateLimitedError):
        await connection.send(get())
    acme.read_status = None
    acme.good.clear()
    assert 10 <= connection.held <= 11
    assert (await connection.send(post())).data == {"token": "token-2"}
    assert clock.slept == []


async def test_another_place_for_the_token(
    vendor: aioresponses, connect: Connect, clock: EagerClock
) -> None:
    TokenVendor(vendor, clock)
    vendor.get("https://api.example.com/v1/y?t=token-1", payload=1)
    auth = make_auth(place=Place(Where.QUERY, "t"))
    assert (await connect(auth=auth, clock=clock).send(get("/y"))).data == 1
    assert auth.values == {"token": "token-1", "refresh_token": "refresh-1"}
    assert {"token-1", "refresh-1"} <= set(auth.secrets)
    assert "token-1" not in repr(auth)


async def test_a_login_within_tight_limits(
    acme: TokenVendor, connect: Connect, clock: EagerClock
) -> None:
    connection = connect(auth=make_auth(), clock=clock, limits=Limits(concurrency=1))
    await connection.send(get())
    acme.good.clear()
    answers = await asyncio.gather(*(connection.send(get()) for _ in range(4)))
    assert {answer.data["token"] for answer in answers} == {"token-2"}
