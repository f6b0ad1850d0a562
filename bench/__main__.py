"""`python -m bench`: print the figures and their floors.

Exits 0 regardless of the figures, and 1 if a part failed or a page answered wrongly.
"""

import argparse
import os
import shutil
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench import acts, dataset, mails, measures, postgres, screening, sets
from bench.dataset import CACHE
from bench.measures import BARE, FULL, OURS, PAGES, QUICK, Cells, Pace, Page
from bench.servers import PRODUCT, Server, compile_templates
from bench.sets import Spec
from bench.sites import serving
from bench.verdicts import Verdict, judge_cells, judge_memory, judge_weights

WIDE = "matriks-960"
POSTGRES = "postgres"
WHOLE = (WIDE, POSTGRES)  # the quick bench runs them only where they are named
PARTS = ("surel", "memori", "mulai", "berat", "rencana", "saring", *WHOLE)
NAMES = (*(page.name for page in PAGES), *PARTS)
ON_ITEMS = ("tugas", "laporan", "kirim", "tetap")
ON_MATRIX = ("matriks-lapor", "matriks-capaian", "csv")
LEAST_MAIL_SHARE = 0.75
MOST_START = 1.0


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, tuple("-" * width for width in widths), *rows]:
        cells = [
            text.ljust(width) if n < 2 else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("| " + " | ".join(cells) + " |")
    print()


def _print_cells(cells: Cells) -> None:
    print()
    rows: list[tuple[str, ...]] = []
    labels = {page.name: page.label for page in PAGES}
    seen = dict.fromkeys((page, data) for page, data, _side, _clients in cells)
    for page, data in seen:
        for side in (OURS, BARE):
            if (page, data, side, 1) not in cells:
                continue
            one, many = cells[page, data, side, 1], cells.get((page, data, side, 8), [])
            rows.append(
                (
                    labels[page] if side == OURS else "  floor",
                    data,
                    f"{measures.median(one, 'p50'):.2f}",
                    f"{measures.median(one, 'p95'):.2f}",
                    f"{measures.median(many, 'p50'):.2f}" if many else "",
                    f"{measures.median(many, 'p95'):.2f}" if many else "",
                    f"{measures.median(many, 'rate'):.1f}" if many else "",
                    str(sum(len(cell.seconds) for cell in one + many)),
                    str(sum(len(cell.bad) for cell in one + many)),
                )
            )
    head = ("measure", "data", "p50 ms", "p95 ms", "8: p50", "8: p95", "8: req/s", "n", "failed")
    _table(head, rows)
    for (page, data, side, clients), found in cells.items():
        bad = [reason for cell in found for reason in cell.bad]
        if bad:
            print(f"failed: {page}, {data}, {side}, {clients} clients: {len(bad)} x {bad[0]}")


def _judge_mails(folder: Path, pace: Pace) -> list[Verdict]:
    home = folder / "surel"
    home.mkdir()
    database = home / "koordinator.db"
    shutil.copyfile(dataset.seeded(), database)
    runs = mails.measure(home, database, pace.mails, pace.rounds)

    def middle(name: str) -> float:
        return statistics.median(run[name] for run in runs)

    found = []
    for name, words in (
        ("composing", "smtplib composing each message"),
        ("prebuilt", "smtplib, messages composed before"),
    ):
        share = statistics.median(run["product"] / run[name] for run in runs)
        measure = f"{pace.mails} mails: {middle('product'):.0f}/s; {words}: {middle(name):.0f}/s"
        found.append(
            Verdict("P9", measure, f"{share:.0%}", "at least 75%", share >= LEAST_MAIL_SHARE)
        )
    first = middle("digests")
    found.append(
        Verdict("P9", f"{mails.DIGESTS} digests", f"{first:.2f} s", "under 1 s", first < 1)
    )
    return found


def _judge_start(folder: Path, specs: list[Spec], pace: Pace) -> list[Verdict]:
    found = []
    for spec in specs:
        home = folder / f"start-{spec.name}"
        home.mkdir()
        database = home / "koordinator.db"
        shutil.copyfile(dataset.prepare(spec).path, database)
        environ = dataset.settings_for(home, database)
        with Server(PRODUCT, environ, home / "product.log"):
            pass  # compiles the modules, and no template
        with Server(PRODUCT, environ, home / "product.log") as server:
            times = {"first start, nothing compiled": [server.start_seconds]}
        compile_templates(home, database)
        again = times["start to first answer of /sehat"] = []
        for _ in range(pace.starts):
            with Server(PRODUCT, environ, home / "product.log") as server:
                again.append(server.start_seconds)
        for name, seconds in times.items():
            middle = statistics.median(seconds)
            measure = f"{name}, {spec.name}"
            found.append(
                Verdict("P10", measure, f"{middle:.2f} s", f"{MOST_START} s", middle <= MOST_START)
            )
        database.unlink()
    return found


def _print_acts(folder: Path, pace: Pace) -> list[Verdict]:
    """Print what the acts on a whole plan took; no figure is asked of them."""
    print()
    rows = [
        (
            act.name,
            f"{act.seconds:.2f}",
            f"{act.processor:.2f}",
            f"{act.floor:.2f}" if act.floor is not None else "",
        )
        for act in acts.run(folder, pace.actions)
    ]
    _table(("act", "seconds", "processor", "bare inserts"), rows)
    return []


def _print_screening() -> list[Verdict]:
    """Print the detector's processor time on long texts; the target is 0.5 s, not enforced."""
    print()
    rows = [(name, f"{seconds:.2f}") for name, seconds in screening.measure()]
    _table((f"{screening.LENGTH:,} characters of", "processor"), rows)
    return []


@dataclass
class Run:
    """One run of the benchmark: the requested parts, its folder, and the parts that failed."""

    wanted: set[str]
    pace: Pace
    folder: Path
    broken: list[str] = field(default_factory=list)

    def part(self, name: str, measure: Callable[[], list[Verdict]]) -> list[Verdict]:
        """Return a part's figures. A failure is printed and recorded: the other parts still run."""
        try:
            return measure()
        except Exception:
            traceback.print_exc()
            self.broken.append(name)
            return []


@dataclass(frozen=True)
class Group:
    """Data sets served at once, and the pages measured on them.

    A part has a name of its own and is measured where that is asked for, whole and without the
    memory; in other groups a page, the memory and the weights are asked for each by its name.
    """

    specs: list[Spec]
    names: tuple[str, ...]
    part: str = ""
    weigh: bool = False
    also_postgres: bool = False

    def pages(self, wanted: set[str]) -> list[Page]:
        """Return the pages to measure, none where the part is not asked for."""
        return [
            page for page in PAGES if page.name in self.names and (self.part or page.name) in wanted
        ]


def _measure(group: Group, run: Run) -> list[Verdict]:
    """Serve a group's data sets and measure pages, then memory and weights, on them."""
    pages = group.pages(run.wanted)
    weigh = group.weigh and "berat" in run.wanted
    remember = not group.part and "memori" in run.wanted
    if not pages and not weigh and not remember:
        return []
    verdicts: list[Verdict] = []
    with serving(group.specs, run.folder, also_postgres=group.also_postgres) as sites:
        if pages:
            cells = measures.take_turns(sites, pages, run.pace)
            _print_cells(cells)
            verdicts += judge_cells(cells)
            run.broken += [
                f"{page} ({side}, {data})"
                for (page, data, side, _clients), found in cells.items()
                if any(cell.bad for cell in found)
            ]
        if remember:
            verdicts += judge_memory({s.name: s.product.memory() for s in sites})
        if weigh:
            verdicts += judge_weights(sites[0])
    return verdicts


def _on_postgres(run: Run) -> list[Group]:
    """Return what is measured on PostgreSQL, by turns with SQLite; say so where it cannot be."""
    absent = postgres.missing()
    if POSTGRES in run.wanted and absent:
        print(f"left out: {POSTGRES}, for {absent} is not installed", flush=True)
        return []
    return [
        Group([sets.ITEMS_2K], ON_ITEMS[:3], part=POSTGRES, also_postgres=True),
        Group([sets.PERIOD_20K], ON_MATRIX, part=POSTGRES, also_postgres=True),
    ]


def _parts(run: Run, *, quick: bool) -> list[Verdict]:
    found: list[Verdict] = []
    if quick:
        groups = [Group([sets.ITEMS_400], (*ON_ITEMS, *ON_MATRIX), weigh=True)]
    else:
        groups = [
            Group([sets.ITEMS_2K, sets.ITEMS_20K], ON_ITEMS, weigh=True),
            Group([sets.PERIOD_20K, sets.PERIOD_200K], ON_MATRIX),
            Group([sets.MATRIX_20K, sets.MATRIX_200K], ON_MATRIX),
        ]
    groups.append(Group([sets.CELLS_960], ON_MATRIX, part=WIDE))
    groups += _on_postgres(run)
    for group in groups:
        found += run.part(group.part or "pages", partial(_measure, group, run))
    if "surel" in run.wanted:
        found += run.part("surel", partial(_judge_mails, run.folder, run.pace))
    if "mulai" in run.wanted:
        found += run.part("mulai", partial(_judge_start, run.folder, groups[0].specs, run.pace))
    if "rencana" in run.wanted:
        found += run.part("rencana", partial(_print_acts, run.folder, run.pace))
    if "saring" in run.wanted:
        found += run.part("saring", _print_screening)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; print the times as they come, the verdicts at the end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small set, as CI runs it")
    parser.add_argument("--only", action="append", choices=NAMES, help="one measure; repeatable")
    options = parser.parse_args(arguments)
    folder = CACHE / f"run-{os.getpid()}"
    folder.mkdir(parents=True)
    wanted = set(options.only or NAMES)
    if options.quick and not options.only:
        wanted.difference_update(WHOLE)
    run = Run(wanted, QUICK if options.quick else FULL, folder)
    began = time.perf_counter()
    # SIGTERM must stop the servers too.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit("told to stop"))
    try:
        verdicts = _parts(run, quick=options.quick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    verdicts.sort(key=lambda v: int(v.figure[1:]))
    _table(
        ("figure", "measure", "found", "asked", "verdict"),
        [(v.figure, v.measure, v.found, v.asked, v.word) for v in verdicts],
    )
    print(f"{time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f} at the end")
    if run.broken:
        print("broken: " + ", ".join(dict.fromkeys(run.broken)), file=sys.stderr)
    return 1 if run.broken else 0


if __name__ == "__main__":
    sys.exit(main())
