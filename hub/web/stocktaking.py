"""Whoever keeps the shelf looks after it: what takes up room, what is used, what may go."""

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext

from hub import library, stock
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.library import SHELF_KEEPERS, page_number
from hub.web.pages import page

blueprint = Blueprint("stocktaking", __name__, url_prefix="/library")

PAGE_ROWS = 50
ORDERS = {
    "frees": lazy_gettext("The largest first"),
    "last": lazy_gettext("The longest unused first"),
    "title": lazy_gettext("By name"),
}


@blueprint.get("/storage/")
@needs(*SHELF_KEEPERS)
def show() -> Response:
    """What stands on the shelf, in the order that was chosen, and what room there is."""
    order, number = request.args.get("order", ""), page_number()
    order = order if order in ORDERS else stock.ORDERS[0]
    found = stock.stock(node(), order=order)
    return page(
        "library/storage.html",
        stock=found,
        kept=found.kept[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
        unused=sum(each.frees for each in found.kept if each.is_unused),
        order=order,
        orders=ORDERS,
        number=number,
        more=number + 1 if len(found.kept) > number * PAGE_ROWS else 0,
        words=words,
    )


@blueprint.get("/<package>/use/")
@needs(*SHELF_KEEPERS)
def use(package: str) -> Response:
    """How one work and its parts are used, and what taking it off would free."""
    manifest, number = library.package(node(), package), page_number()
    parts = stock.parts(node(), manifest)
    first = (number - 1) * PAGE_ROWS
    return page(
        "library/use.html",
        package=manifest,
        kept=stock.one(node(), package),
        parts=list(zip(manifest.items, parts, strict=True))[first : first + PAGE_ROWS],
        number=number,
        more=number + 1 if len(parts) > number * PAGE_ROWS else 0,
        words=words,
    )
