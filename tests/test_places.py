from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.places import Place, places


def device(vendor_id: str, parent: str | None = None, via: str | None = None) -> Device:
    return Device(id=vendor_id, type="thing", parent=parent, via=via)


def placed(
    *devices: Device, taken: str | None = None, registered: dict[str, str] | None = None
) -> dict[str, Place]:
    """Place the devices that are taken, all unless their one-letter ids are named."""
    known = {one.id: one for one in devices}
    wanted = [one for one in known if taken is None or one in taken]
    return places(wanted, known, registered or {})


def test_parts_come_behind_the_device_that_they_are_of() -> None:
    found = placed(device("a", parent="c"), device("b", via="c"), device("c"))
    assert list(found.items()) == [
        ("c", Place()),
        ("b", Place(via="c")),
        ("a", Place(parent="c")),
    ]


def test_part_is_reached_as_the_whole_is() -> None:
    found = placed(device("a"), device("b", parent="c", via="a"), device("c", via="a"))
    assert found == {"a": Place(), "b": Place(parent="c"), "c": Place(via="a")}


def test_part_of_a_part_is_one_of_the_whole() -> None:
    found = placed(device("a"), device("b", parent="a"), device("c", parent="b"))
    assert found == {"a": Place(), "b": Place(parent="a"), "c": Place(parent="a")}


def test_what_is_reached_through_a_part_is_reached_through_the_whole() -> None:
    found = placed(device("a"), device("b", parent="a"), device("c", via="b"))
    assert found["c"] == Place(via="a")


def test_own_part_is_no_way_to_a_device() -> None:
    found = placed(device("a", via="b"), device("b", parent="a"))
    assert found == {"a": Place(), "b": Place(parent="a")}


def test_what_is_not_taken_is_passed_over() -> None:
    chain = (device("a"), device("b", parent="a"), device("c", parent="b"))
    assert placed(*chain, taken="ac") == {"a": Place(), "c": Place(parent="a")}
    assert placed(*chain, taken="bc") == {"b": Place(), "c": Place(parent="b")}
    assert placed(*chain, taken="c") == {"c": Place()}
    chain = (device("a"), device("b", via="a"), device("c", via="b"))
    assert placed(*chain, taken="ac") == {"a": Place(), "c": Place(via="a")}
    assert placed(*chain, taken="c") == {"c": Place()}


def test_what_is_not_listed_now_counts_as_it_is_registered() -> None:
    chain = (device("b", parent="a"), device("c", via="a"))
    assert placed(*chain) == {"b": Place(), "c": Place()}
    assert placed(*chain, registered={"a": "a"}) == {"b": Place(parent="a"), "c": Place(via="a")}
    registered = {"a": "strip", "strip": "strip"}
    found = placed(*chain, registered=registered)
    assert found == {"b": Place(parent="strip"), "c": Place(via="strip")}
    found = placed(*chain, device("strip", parent="hub"), device("hub"), registered=registered)
    assert (found["b"], found["c"]) == (Place(parent="hub"), Place(via="hub"))


@pytest.mark.parametrize("relation", ["parent", "via"])
def test_circle_is_broken_once(relation: str) -> None:
    circle = [
        Device(id=one, type="thing", **{relation: other})  # type: ignore[arg-type]
        for one, other in ("ab", "bc", "ca", "dd")
    ]
    found = placed(*circle)
    if relation == "parent":
        assert found == {
            "c": Place(),
            "d": Place(),
            "a": Place(parent="c"),
            "b": Place(parent="c"),
        }
    else:
        assert found == {"c": Place(), "b": Place(via="c"), "a": Place(via="b"), "d": Place()}


IDS = st.sampled_from("abcdef")


@given(
    st.dictionaries(IDS, st.tuples(st.none() | IDS, st.none() | IDS)),
    st.sets(IDS),
    st.dictionaries(IDS, IDS),
)
def test_whatever_a_vendor_says_no_part_has_parts(
    said: dict[str, tuple[str | None, str | None]], chosen: set[str], parts: dict[str, str]
) -> None:
    known = {one: device(one, parent, via) for one, (parent, via) in said.items()}
    taken = [one for one in known if one in chosen]
    registered = {one: one for one in parts.values()} | {
        one: whole for one, whole in parts.items() if one not in parts.values()
    }
    found = places(taken, known, registered)
    assert sorted(found) == sorted(taken)
    before: set[str] = set()
    for one, place in found.items():
        assert place.parent is None or place.via is None
        for other in (place.parent, place.via):
            if other is None:
                continue
            assert other != one
            if other in found:
                assert other in before
                assert found[other].parent is None
            else:
                assert registered.get(other) == other
        before.add(one)
