"""All sets of pages, in the order they are registered. A new set is added here and nowhere else."""

from flask import Blueprint

from hub.web import community, health, home, keeping, language, library, opds, openapi, outcomes, static_files

BLUEPRINTS: tuple[Blueprint, ...] = (
    static_files.blueprint,
    health.blueprint,
    home.blueprint,
    language.blueprint,
    community.blueprint,
    library.blueprint,
    keeping.blueprint,
    opds.blueprint,
    outcomes.blueprint,
    openapi.blueprint,
)
