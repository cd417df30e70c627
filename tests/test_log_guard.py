"""The guard in conftest.py sees warnings by and about this integration: else these would fail."""

import logging

import pytest


@pytest.mark.expects_warnings("^WARNING custom_components.vendor_bridge.sensor: seen$")
def test_a_warning_by_this_integration_is_seen() -> None:
    logging.getLogger("custom_components.vendor_bridge.sensor").warning("seen")


@pytest.mark.expects_warnings("^ERROR homeassistant.helpers.entity: .*vendor_bridge", "Traceback")
def test_an_error_about_this_integration_is_seen() -> None:
    try:
        int("none")
    except ValueError:
        logging.getLogger("homeassistant.helpers.entity").exception("a vendor_bridge entity failed")


def test_what_is_no_warning_is_let_through() -> None:
    logging.getLogger("custom_components.vendor_bridge").info("all is well")
    logging.getLogger("homeassistant.core").warning("nothing to do with this integration")
