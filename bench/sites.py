"""A data set being served: by the product and the floors on SQLite, or by the product alone on
PostgreSQL."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from json import dumps
from pathlib import Path

from bench.capture import floor_facts
from bench.client import Visitor
from bench.dataset import PASSWORD, Facts, prepare, settings_for
from bench.postgres import Cluster
from bench.servers import FLOOR, PRODUCT, Server, compile_templates
from bench.sets import Spec

CLIENTS = (1, 8)


@dataclass
class Site:
    """A data set being served by the product, and by the floors where they can read it.

    The floors send SQLite's SQL: on PostgreSQL the product on SQLite, in turn, takes their place.
    """

    name: str
    spec: Spec
    facts: Facts
    product: Server
    floor: Server | None = None
    readers: dict[str, list[Visitor]] = field(default_factory=dict)
    posters: list[Visitor] = field(default_factory=list)
    anonymous: list[Visitor] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sign in every user that a measurement needs."""
        most = max(CLIENTS)
        for who in ("focal_point", "secretariat", "leadership"):
            self.readers[who] = _signed_in(self.product.port, getattr(self.facts, who), most)
        self.posters = [_signed_in(self.product.port, who, 1)[0] for who in self.facts.posters]
        if self.floor is not None:
            self.anonymous = [Visitor(self.floor.port) for _ in range(most)]

    def hang_up(self) -> None:
        """Close every connection: gunicorn would wait for an idle one."""
        for visitors in (*self.readers.values(), self.posters, self.anonymous):
            for visitor in visitors:
                visitor.close()


def on_postgres(spec: Spec) -> str:
    """Return the name under which a data set is measured on PostgreSQL."""
    return f"{spec.name}-pg"


@contextmanager
def serve(spec: Spec, folder: Path) -> Iterator[Site]:
    """Serve a copy of a data set on SQLite, signed in and ready."""
    ready = prepare(spec)
    home = folder / spec.name
    home.mkdir(parents=True)
    database, writing = home / "koordinator.db", home / "floor.db"
    shutil.copyfile(ready.path, database)
    with closing(sqlite3.connect(writing)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE kept (id INTEGER PRIMARY KEY, kind TEXT, subject TEXT, note TEXT)"
        )
    floor_file = home / "floor.json"
    floor_file.write_text(dumps(floor_facts(database, ready.facts, writing)))
    environ = settings_for(home, database)
    compile_templates(home, database)
    with (
        Server(PRODUCT, environ, home / "product.log") as product,
        Server(FLOOR, {**environ, "BENCH_FLOOR": str(floor_file)}, home / "floor.log") as floor,
        _ready(Site(spec.name, spec, ready.facts, product, floor)) as site,
    ):
        yield site


@contextmanager
def serve_on_postgres(spec: Spec, folder: Path, cluster: Cluster) -> Iterator[Site]:
    """Serve the rows of a data set on PostgreSQL, signed in and ready."""
    ready = prepare(spec)
    name = on_postgres(spec)
    home = folder / name
    home.mkdir(parents=True)
    address = cluster.filled_from(ready.path, name)
    environ = settings_for(home, home / "none.db", DATABASE_URL=address)
    compile_templates(home, ready.path)
    with (
        Server(PRODUCT, environ, home / "product.log") as product,
        _ready(Site(name, spec, ready.facts, product)) as site,
    ):
        yield site


@contextmanager
def _ready(site: Site) -> Iterator[Site]:
    site.sign_in()
    try:
        yield site
    finally:
        site.hang_up()


@contextmanager
def serving(
    specs: list[Spec], folder: Path, *, also_postgres: bool = False
) -> Iterator[list[Site]]:
    """Serve several data sets side by side, each on PostgreSQL too where that is asked for."""
    with ExitStack() as stack:
        sites = [stack.enter_context(serve(spec, folder)) for spec in specs]
        if also_postgres:
            cluster = stack.enter_context(Cluster())
            sites += [
                stack.enter_context(serve_on_postgres(spec, folder, cluster)) for spec in specs
            ]
        yield sites


def _signed_in(port: int, email: str, count: int) -> list[Visitor]:
    """Return clients of one session: hashing a password eight times would measure nothing."""
    first = Visitor(port)
    first.sign_in(email, PASSWORD)
    others = [Visitor(port) for _ in range(count - 1)]
    for other in others:
        other.cookies = dict(first.cookies)
    return [first, *others]
