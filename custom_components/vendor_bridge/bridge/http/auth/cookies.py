"""Sessions that a vendor keeps by cookie."""

from collections.abc import Collection, Iterator

from ..message import Answer


def cookies_of(*answers: Answer, names: Collection[str] = ()) -> str:
    """Return the cookies that answers set as a Cookie header says them, or "" for none.

    Only those named, where some are named. Cookies that the vendor takes back are left out.
    """
    cookies: dict[str, str] = {}
    headers = (one for answer in answers for one in answer.headers.getall("Set-Cookie", ()))
    for header in headers:
        pair, *attributes = header.split(";")
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or not name or (names and name not in names):
            continue
        if not value or any(_is_over(attribute) for attribute in attributes):
            cookies.pop(name, None)
        else:
            cookies[name] = value
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def cookie_values(header: str) -> Iterator[str]:
    """Yield the values in a Cookie header: each is as secret as the whole."""
    for pair in header.split("; "):
        _, equals, value = pair.partition("=")
        if equals:
            yield value


def _is_over(attribute: str) -> bool:
    name, _, value = attribute.partition("=")
    return name.strip().lower() == "max-age" and value.strip().startswith(("0", "-"))
