"""What is measured on the served pages, and the loop that takes every side in turn."""

import gzip
import math
import re
import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from bench.capture import HISTORIES
from bench.client import Answer, Cell, Step, Visitor, load
from bench.sets import POSTERS
from bench.sites import CLIENTS, Site

MANY = 150_000  # obligations from which eight clients at once would only measure the queue
OURS = "ours"
BARE = "floor"
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Pace:
    """How long a run may take: rounds, calls and seconds of a cell, submissions of a cell."""

    rounds: int
    calls: int
    seconds: float
    posts: tuple[int, int]
    mails: int
    starts: int
    actions: int


# Quick says whether every part still runs, and the order of its figures; CI runs it.
QUICK = Pace(rounds=1, calls=24, seconds=0.25, posts=(8, 16), mails=60, starts=1, actions=500)
FULL = Pace(rounds=3, calls=200, seconds=3.0, posts=(40, 90), mails=1_000, starts=3, actions=5_000)


# --- the pages ------------------------------------------------------------------------------------


def _get(visitors: list[Visitor], path: Callable[[int], str], expect: str = "") -> Step:
    def step(place: int, turn: int) -> Answer:
        answer = visitors[place].ask(path(turn))
        if expect and expect.encode() not in answer.body:
            raise RuntimeError(f"{path(turn)} lacks {expect!r} (status {answer.status})")
        return answer

    return step


def _post(site: Site, clients: int) -> Step:
    def step(place: int, turn: int) -> Answer | None:
        poster = place if clients > 1 else turn % POSTERS
        left = site.facts.to_post[poster]
        if not left:
            return None
        public_id, indicator = left.pop().split()
        return site.posters[poster].submit_report(public_id, indicator)

    return step


def _floor_post(site: Site) -> Step:
    def step(place: int, turn: int) -> Answer:
        form = {"note": "Kegiatan berjalan di tiga kecamatan."}
        return site.anonymous[place].ask(f"/kirim/{turn}", form=form)

    return step


@dataclass(frozen=True)
class Page:
    """One measured page: how to request it from the product and from the floor."""

    name: str
    label: str
    ours: Callable[[Site, int], Step]
    floor: Callable[[Site, int], Step]
    is_post: bool = False


def _read(who: str, path: Callable[[Site, int], str], expect: str = "") -> Callable[..., Step]:
    def make(site: Site, _clients: int) -> Step:
        return _get(site.readers[who], lambda turn: path(site, turn), expect)

    return make


def _bare(path: Callable[[Site, int], str]) -> Callable[..., Step]:
    def make(site: Site, _clients: int) -> Step:
        return _get(site.anonymous, lambda turn: path(site, turn))

    return make


def _history(site: Site, turn: int) -> str:
    return f"/laporan/{site.facts.with_history[turn % HISTORIES]}"


def _matrix_page(layer: str) -> Page:
    path = f"/matriks?lapis={layer}"
    return Page(
        f"matriks-{layer}",
        f"matrix, {layer}",
        _read("leadership", lambda _site, _turn: path, "matrix-region"),
        _bare(lambda _site, _turn: path),
    )


PAGES = (
    Page(
        "tugas",
        "Tugas saya, up to 50 rows",
        _read("focal_point", lambda _site, _turn: "/tugas-saya", "/laporan/"),
        _bare(lambda _site, _turn: "/halaman/tugas"),
    ),
    Page(
        "laporan",
        "report page, 10 lines of history",
        _read("secretariat", _history, "Riwayat"),
        _bare(lambda _site, turn: f"/halaman/laporan-{turn % HISTORIES}"),
    ),
    Page(
        "kirim",
        "submit a report",
        _post,
        lambda site, _clients: _floor_post(site),
        is_post=True,
    ),
    _matrix_page("lapor"),
    _matrix_page("capaian"),
    Page(
        "csv",
        "matrix as CSV, lapor",
        _read("leadership", lambda _site, _turn: "/matriks.csv?lapis=lapor"),
        _bare(lambda _site, _turn: "/matriks.csv?lapis=lapor"),
    ),
    Page(
        "tetap",
        "constant page (ours: /sehat)",
        _read("focal_point", lambda _site, _turn: "/sehat"),
        _bare(lambda _site, _turn: "/tetap"),
    ),
)
Key = tuple[str, str, str, int]  # page, data set, side, clients
Cells = dict[Key, list[Cell]]


def take_turns(sites: list[Site], pages: list[Page], pace: Pace) -> Cells:
    """Measure every page on every site: product and floor in turn, round after round."""
    cells: Cells = defaultdict(list)
    for turn in range(pace.rounds):
        for page in pages:
            for site in sites:
                for clients in CLIENTS if site.spec.obligations < MANY else CLIENTS[:1]:
                    for side, make in ((OURS, page.ours), (BARE, page.floor)):
                        if side == BARE and site.floor is None:
                            continue
                        step = make(site, clients)
                        if not page.is_post:
                            load(1, step, most=6 if turn == 0 else 2, seconds=1, least=1)
                        most = pace.posts[clients > 1] if page.is_post else pace.calls
                        cell = load(
                            clients,
                            step,
                            most=most,
                            seconds=pace.seconds * (4 if page.is_post else 1),
                            good=(303,) if page.is_post else (200,),
                        )
                        cells[page.name, site.name, side, clients].append(cell)
        print(f"round {turn + 1} of {pace.rounds} done", flush=True)
    return cells


def median(cells: list[Cell], what: str) -> float:
    """Return the median over the rounds of a cell's figure."""
    return float(statistics.median(getattr(cell, what) for cell in cells))


def ratio(ours: list[Cell], floor: list[Cell]) -> float:
    """Return the median of the rounds' ratios: what a round's noise does, it does to both."""
    return statistics.median(a.p50 / b.p50 for a, b in zip(ours, floor, strict=True))


def exponent(small: list[Cell], large: list[Cell]) -> float:
    """Return e where tenfold data costs 10**e as much time."""
    return math.log10(statistics.median(b.p50 / a.p50 for a, b in zip(small, large, strict=True)))


# --- weights --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weight:
    """Bytes of a page on the wire when the client accepts gzip, and what gzip would make of it."""

    wire: int
    zipped: int


def _weigh(visitor: Visitor, path: str) -> Weight:
    answer = visitor.ask(path, gzip=True)
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    plain = answer.body
    if answer.headers.get("content-encoding") == "gzip":
        plain = gzip.decompress(plain)
    return Weight(len(answer.body), len(gzip.compress(plain, 6)))


def weights(site: Site) -> dict[str, Weight]:
    """Return the weight of the first visit (page and all it loads), the list and the matrix."""
    stranger = Visitor(site.product.port)
    page = stranger.ask("/masuk")
    parts = [_weigh(stranger, "/masuk")]
    parts += [_weigh(stranger, path) for path in dict.fromkeys(ASSET.findall(page.text))]
    stranger.close()
    return {
        "first visit": Weight(sum(p.wire for p in parts), sum(p.zipped for p in parts)),
        "Tugas saya": _weigh(site.readers["focal_point"][0], "/tugas-saya"),
        "matrix": _weigh(site.readers["leadership"][0], "/matriks"),
    }
