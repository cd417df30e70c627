import pytest

from demo.acme.sessions import EMAIL, PASSWORD

from .conftest import Acme


async def test_signs_in_with_short_lived_tokens(acme: Acme) -> None:
    assert acme.tokens["token_type"] == "Bearer"
    assert acme.tokens["expires_in"] == 120
    assert await acme.get("/v1/account") == {
        "id": "acc-20417",
        "email": "demo@acme.example",
        "home": "Lindenweg 7",
        "time_zone": "Europe/Berlin",
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": EMAIL, "password": "wrong"}, 401, "wrong_credentials"),
        ({"email": "other@acme.example", "password": PASSWORD}, 401, "wrong_credentials"),
        ({"email": EMAIL, "password": "\ud800"}, 422, "invalid_value"),
        ({"email": EMAIL}, 422, "invalid_value"),
        ({"email": EMAIL, "password": 5}, 422, "invalid_value"),
        ({"email": EMAIL, "password": PASSWORD, "otp": "1"}, 422, "unknown_field"),
        ([], 422, "invalid_value"),
    ],
)
async def test_refuses_wrong_credentials(acme: Acme, body: object, status: int, code: str) -> None:
    refused = await acme.json("POST", "/v1/login", body, status=status)
    assert refused["error"]["code"] == code
    assert refused["error"]["message"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "missing_token"),
        ("Basic ZGVtbzpkZW1v", "missing_token"),
        ("Bearer ", "missing_token"),
        ("Bearer nonsense", "invalid_token"),
    ],
)
async def test_needs_a_token_for_everything_else(acme: Acme, header: str, code: str) -> None:
    for path in ("/v1/account", "/v1/devices", "/v1/status", "/v1/events", "/v1/nothing"):
        answer = await acme.ask("GET", path, headers={"Authorization": header})
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert (await answer.json())["error"]["code"] == code


async def test_tokens_expire_and_are_refreshed_once(acme: Acme) -> None:
    acme.real.seconds += 119
    await acme.get("/v1/account")
    acme.real.seconds += 1
    refused = await acme.get("/v1/account", status=401)
    assert refused["error"]["code"] == "token_expired"

    used = {"refresh_token": acme.tokens["refresh_token"]}
    acme.tokens = await acme.json("POST", "/v1/refresh", used, status=200)
    await acme.get("/v1/account")

    refused = await acme.json("POST", "/v1/refresh", used, status=401)
    assert refused["error"]["code"] == "invalid_refresh_token"
    await acme.get("/v1/account")


async def test_the_houses_clock_expires_no_token(acme: Acme) -> None:
    acme.wait(3 * 86400)
    await acme.get("/v1/account")


async def test_limits_requests_a_minute(acme: Acme) -> None:
    await acme.json("POST", "/_sim/settings", {"requests_per_minute": 3}, status=200)
    answers = [await acme.ask("GET", "/v1/account") for _ in range(4)]
    seen = [
        (answer.status, answer.headers["RateLimit-Remaining"], answer.headers.get("Retry-After"))
        for answer in answers
    ]
    assert seen == [(200, "2", None), (200, "1", None), (200, "0", None), (429, "0", "60")]
    assert answers[3].headers["RateLimit-Limit"] == "3"
    assert (await answers[3].json())["error"]["code"] == "rate_limited"

    # A refreshed token is the same sign-in; a minute later there is a new budget.
    used = {"refresh_token": acme.tokens["refresh_token"]}
    acme.tokens = await acme.json("POST", "/v1/refresh", used, status=200)
    acme.real.seconds += 59
    answer = await acme.ask("GET", "/v1/account")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    acme.real.seconds += 1
    await acme.get("/v1/account")


async def test_says_what_is_left_when_it_refuses(acme: Acme) -> None:
    for path in ("/v1/devices/NONE-1", "/v1/nothing"):
        answer = await acme.ask("GET", path)
        assert answer.status == 404
        assert int(answer.headers["RateLimit-Remaining"]) < 600
