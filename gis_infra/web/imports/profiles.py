"""The profiles of departments that an import may be done by, for who imports: named, with the layers they fill.

    GET /imports/profiles -> 200 {profiles: [{name, title, department, owner, faults, files: [{source, layer}]}]}; 401

Of a profile only what it says of layers the caller may import into is shown, and one that says nothing of those is not.
"""

from typing import Any

from flask import Response, request

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.transfer.mapping.profile_reading import check_profile, list_profiles
from gis_infra.transfer.mapping.profiles import Profile
from gis_infra.web.analysis.coverage_parameters import require_known
from gis_infra.web.context import get_services
from gis_infra.web.imports.answers import answer
from gis_infra.web.imports.records import require_person


def show_profiles() -> Response:
    """The profiles the caller may import by. Raises SignInNeeded, InvalidParameter."""
    require_known(request.args, ())
    services, actor = get_services(), require_person()
    folder = services.settings.profiles
    checked = (check_profile(folder, name, services.catalogue) for name in list_profiles(folder))
    shown = (describe(profile, len(problems), actor, services.catalogue) for profile, problems in checked)
    return answer({"profiles": [each for each in shown if each["files"]]})


def describe(profile: Profile, faults: int, actor: Actor, catalogue: Catalogue) -> dict[str, Any]:
    """What the caller may know of a profile. faults: how many its file has; one with any cannot be used."""
    layers = {layer.id for layer in actor.list_readable(catalogue) if actor.is_allowed("import", layer)}
    return {
        "name": profile.name,
        "title": profile.title,
        "department": profile.department,
        "owner": profile.owner,
        "faults": faults,
        "files": [{"source": each.source, "layer": each.layer} for each in profile.entries if each.layer in layers],
    }
