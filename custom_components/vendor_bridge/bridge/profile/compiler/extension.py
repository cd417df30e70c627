"""Tasks that a file of the user's own adds to a profile."""

from collections.abc import Mapping
from dataclasses import replace

from ..mistakes import Mistakes, close_to
from ..plans import CompiledProfile, TaskPlan
from ..schema.extension import Extension
from ..schema.root import TypeSpec
from .context import Context, Path
from .tasks import task_plans, type_task_plans


def compile_extension(
    base: CompiledProfile, extension: Extension, mistakes: Mistakes
) -> CompiledProfile:
    """Return a profile with more tasks; what is wrong with them is added to ``mistakes``."""
    types: Mapping[str, TypeSpec] = base.source.types
    added = {}
    for name, spec in extension.types.items():
        if name in types:
            added[name] = spec.tasks
        else:
            message = f"the profile of {base.id} has no type {name!r}"
            hint = close_to(name, types) or f"it has {', '.join(types)}"
            mistakes.add(("types", name), message, hint, of="key")
    source = replace(
        base.source,
        types={
            name: TypeSpec(defaults={}, entities={}, tasks=added.get(name, {})) for name in types
        },
        tasks=extension.tasks,
    )
    context = Context(source, mistakes)
    tasks, type_tasks = task_plans(context), type_task_plans(context)
    of_types = {key for plans in base.type_tasks.values() for key in plans}
    _check_new(mistakes, tasks, base.tasks.keys() | of_types, ("tasks",))
    for name, plans in type_tasks.items():
        known = base.type_tasks.get(name, {}).keys() | base.tasks.keys()
        _check_new(mistakes, plans, known, ("types", name, "tasks"))
    return replace(
        base,
        tasks={**base.tasks, **tasks},
        type_tasks={
            name: {**base.type_tasks.get(name, {}), **plans} for name, plans in type_tasks.items()
        },
    )


def _check_new(
    mistakes: Mistakes, plans: Mapping[str, TaskPlan], known: set[str], path: Path
) -> None:
    """Note tasks whose name is taken."""
    for key in plans.keys() & known:
        message = "the profile has a task of that name already"
        mistakes.add((*path, key), message, "choose another name", of="key")
