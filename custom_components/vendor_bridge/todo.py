"""Lists of what is to be done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.todo import (
    TodoItem,
    TodoItemStatus,
    TodoListEntity,
    TodoListEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import VendorBridgeConfigEntry
from .entity import VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the lists of an account."""
    entry.runtime_data.async_add_platform(Platform.TODO, VendorBridgeTodoList, async_add_entities)


class VendorBridgeTodoList(VendorBridgeEntity, TodoListEntity):
    """A list of a vendor's."""

    @override
    def derive(self) -> None:
        """Tell what is on the list, and what can be done with it."""
        self._attr_supported_features = self.features(TodoListEntityFeature)
        told: list[Mapping[str, Any]] | None = self.told("items")
        self._attr_todo_items = None if told is None else [_item(one) for one in told]

    @override
    async def async_create_todo_item(self, item: TodoItem) -> None:
        """Add an item."""
        await self.async_command("create_item", **self._data("create_item", item))

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Change an item."""
        data = self._data("update_item", item)
        await self.async_command("update_item", uid=item.uid, **data)

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        """Take items off, one after the other."""
        for uid in uids:
            await self.async_command("delete_item", uid=uid)

    @override
    async def async_move_todo_item(self, uid: str, previous_uid: str | None = None) -> None:
        """Move an item behind another, or to the top."""
        await self.async_command("move_item", uid=uid, previous_uid=previous_uid)

    def _data(self, command: str, item: TodoItem) -> dict[str, Any]:
        """Return what is said of an item, as far as the vendor takes it."""
        moment = isinstance(item.due, datetime)
        data = {
            "summary": item.summary,
            "status": item.status and str(item.status),
            "due_datetime" if moment else "due_date": item.due,
            "description": item.description,
        }
        return {name: value for name, value in data.items() if self.takes(command, name)}


def _item(told: Mapping[str, Any]) -> TodoItem:
    """Return an item as Home Assistant has it, its moments in local time."""
    moments = {
        name: dt_util.as_local(told[name]) if name in told else None
        for name in ("due_datetime", "completed")
    }
    return TodoItem(
        uid=told["uid"],
        summary=told["summary"],
        status=TodoItemStatus(told.get("status", TodoItemStatus.NEEDS_ACTION)),
        due=moments["due_datetime"] or told.get("due_date"),
        description=told.get("description"),
        completed=moments["completed"],
    )
