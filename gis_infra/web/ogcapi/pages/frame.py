"""What surrounds every page: the city's name, who is signed in, the other language, the program of the maps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request

from gis_infra.catalogue.definitions import Language
from gis_infra.web import csrf
from gis_infra.web.actors import get_actor
from gis_infra.web.addresses import get_origin
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi.pages import addresses, documents
from gis_infra.web.viewer import bundle, views

OTHERS: Mapping[Language, Language] = {"vi": "en", "en": "vi"}
NAMES: Mapping[Language, str] = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True)
class Frame:
    """One page's surroundings. program: the built script and styles of the maps, None where they are not built."""

    language: Language
    city: str
    username: str
    program: bundle.Bundle | None

    @property
    def other(self) -> Language:
        """The language the page is not in."""
        return OTHERS[self.language]

    @property
    def other_name(self) -> str:
        """The name of that language, in itself."""
        return NAMES[self.other]

    @property
    def other_href(self) -> str:
        """This page in the other language."""
        return addresses.change(request.args, {"lang": self.other})

    @property
    def ogc_address(self) -> str:
        """What is typed into QGIS for OGC API - Features."""
        return f"{get_origin()}/ogc/"

    @property
    def wfs_address(self) -> str:
        """What is typed into QGIS for WFS."""
        return f"{get_origin()}/wfs"

    @property
    def token(self) -> str:
        """What a form that changes something carries."""
        return csrf.get_token()


def register(blueprint: Blueprint) -> None:
    """Give `frame` to the templates of the blueprint, and to those of errors anywhere."""
    blueprint.app_context_processor(make_context)


def make_context() -> dict[str, Any]:
    """What the templates may call: for the frame of this request's page, and to tell documents to people."""
    return {
        "get_frame": get_frame,
        "describe_fields": documents.describe_fields,
        "group_classes": documents.group_classes,
        "group_paths": documents.group_paths,
        "read_moment": documents.read_moment,
    }


def get_frame() -> Frame:
    """The surroundings of the page that answers this request."""
    actor = get_actor()
    built = bundle.find_bundle(views.get_built_folder(), bundle.PAGES_ENTRY)
    username = "" if actor.is_anonymous else actor.username
    return Frame(choose_language(), get_services().settings.city_name, username, built)
