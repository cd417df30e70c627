"""From a profile whose shape is right to one that is ready to run."""

from collections.abc import Mapping
from dataclasses import replace

from ...model import DEVICES_MONITOR
from ..mistakes import Mistakes
from ..plans import CompiledProfile
from ..schema.root import Profile, TypeSpec
from .api import account_plan, base_url_templates, client_certificate, verify_ssl_template
from .auth import compile_sign_in, rejection
from .context import Context
from .devices import listing_monitor, listing_plans, monitor_plans
from .entities import type_plans
from .newest import check_events_told
from .reach import check_reach
from .tasks import task_plans, type_task_plans


def compile_profile(profile: Profile, mistakes: Mistakes, file: str) -> CompiledProfile:
    """Return the profile ready to run; what is wrong with it is added to ``mistakes``."""
    context = Context(profile, mistakes)
    listings = listing_plans(context)
    readers = monitor_plans(context)
    types = type_plans(context)
    compiled = CompiledProfile(
        source=profile,
        id=profile.vendor.id,
        name=profile.vendor.name,
        file=file,
        account=account_plan(context),
        listings=listings,
        readers=readers,
        types=types,
        tasks=task_plans(context),
        type_tasks=type_task_plans(context),
        monitors={
            **({DEVICES_MONITOR: listing_monitor(context)} if listings else {}),
            **{key: plan.monitor for key, plan in readers.items()},
        },
        base_urls=base_url_templates(context),
        verify_ssl=verify_ssl_template(context),
        client_certificate=client_certificate(context),
        sign_in=compile_sign_in(context),
        rejection=rejection(context),
    )
    if not mistakes:  # A wrong name leaves what it meant unused, and is mistake enough.
        check_reach(context)
        check_events_told(context, readers, types)
    return compiled


def compile_types(
    profile: CompiledProfile, types: Mapping[str, TypeSpec], mistakes: Mistakes
) -> CompiledProfile:
    """Return a profile with more types of device; what is wrong is added to ``mistakes``."""
    context = Context(replace(profile.source, types=types), mistakes)
    return replace(
        profile,
        types={**profile.types, **type_plans(context)},
        type_tasks={**profile.type_tasks, **type_task_plans(context)},
    )
