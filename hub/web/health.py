"""What watches a hub: `/healthz` for supervisors, `/metrics` for Prometheus. Neither names anybody.

Each process counts what it answered itself; with several processes a look at `/metrics` reaches one of them.
"""

import time
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub import __version__
from hub.care.health import Pulse, health
from hub.node import Node
from hub.web.here import node

blueprint = Blueprint("health", __name__)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper edges of the histogram's buckets."""


class Meters:
    """The counters of one application; two hubs in one process do not share them."""

    def __init__(self, over: Node) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("mangrove_requests", "Requests answered.", ("method", "status"), registry=self.registry)
        self.seconds = Histogram(
            "mangrove_request_seconds", "Time until the answer began.", buckets=SECONDS, registry=self.registry
        )
        self.registry.register(Gauges(over))

    def count(self, method: str, status: int, seconds: float | None) -> None:
        """Count one answer; `seconds` is None where nobody looked when its request came."""
        known = method if method in ("GET", "HEAD", "POST", "PUT") else "other"
        self.requests.labels(known, str(status)).inc()
        if seconds is not None:
            self.seconds.observe(seconds)


class Gauges(Collector):
    """The hub's state, read when somebody asks."""

    def __init__(self, over: Node) -> None:
        self._node = over

    def collect(self) -> Iterator[Metric]:
        """All of them at this moment."""
        found = health(self._node)
        now_ms = self._node.clock.now_ms()
        values = {
            "mangrove_disk_free_bytes": ("Free bytes where the home folder is.", found.disk.free),
            "mangrove_database_bytes": ("Bytes of the records on their disk.", found.database_bytes),
            "mangrove_people": ("People who are here.", found.people),
            "mangrove_statements": ("Learning records.", found.statements),
            "mangrove_packages": ("Packages on the shelf.", found.packages),
            "mangrove_clock_quality": ("How far the clock can be trusted, 0 to 3.", found.clock_quality),
        }
        for name, past in {"backup": found.backup_ms, "tide": found.tide_ms}.items():
            age = (now_ms - past) / 1000 if past else float("nan")
            values[f"mangrove_{name}_age_seconds"] = (f"Seconds since the last {name}.", age)  # type: ignore[assignment]
        for name, (text, value) in values.items():
            yield GaugeMetricFamily(name, text, value=value)
        jobs = GaugeMetricFamily("mangrove_jobs", "Jobs by state.", labels=["state"])
        for state, count in found.jobs.items():
            jobs.add_metric([state], count)
        yield jobs


@blueprint.record_once
def _fit_out(state: BlueprintSetupState) -> None:
    over: Node = state.app.extensions["node"]
    state.app.extensions["pulse"] = Pulse(over)
    state.app.extensions["meters"] = Meters(over)


@blueprint.before_app_request
def begin() -> None:
    """Remember when the request came."""
    g.came_s = time.perf_counter()


@blueprint.after_app_request
def end(response: Response) -> Response:
    """Count the answer."""
    meters: Meters = current_app.extensions["meters"]
    seconds = time.perf_counter() - g.came_s if "came_s" in g else None
    meters.count(request.method, response.status_code, seconds)
    return response


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 when the hub reads its records and writes them durably, else 503 with a sentence."""
    pulse: Pulse = current_app.extensions["pulse"]
    problem, here = pulse.feel(), node()
    facts = {"hub": here.identity.hub_id, "role": here.settings.role, "version": __version__}
    return jsonify({"ok": not problem, "problem": problem, **facts}), 503 if problem else 200


@blueprint.get("/metrics")
def metrics() -> Response:
    """Everything that is counted, as Prometheus reads it."""
    meters: Meters = current_app.extensions["meters"]
    return Response(generate_latest(meters.registry), content_type=CONTENT_TYPE_LATEST)
