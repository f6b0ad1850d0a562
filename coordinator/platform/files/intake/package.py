"""An office file as a package (ECMA-376 part 2): its parts, how they point at each other, and
which of them is the document.

Programs name parts as they like ("word/document2.xml"), some with backslashes or capitals: what
counts is where the relations point and what the list of content types says.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from coordinator.platform.files.intake.answer import BadUpload
from coordinator.platform.files.intake.rewriting import listed, utf8
from coordinator.platform.files.rules import SHEET, WORD, Refusal

CONTENT_TYPES = "[Content_Types].xml"
ROOT_RELATIONS = "_rels/.rels"
RELATIONS = re.compile(r"(^|/)_rels/([^/]*)\.rels$", re.IGNORECASE)
CODED_STEP = re.compile(r"%(?:2e|2f|5c)", re.IGNORECASE)
REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
# In both dialects, transitional and strict.
DOCUMENT = re.compile(r"/officeDocument$")
MAIN_TYPE = re.compile(r"\.main\+xml$", re.IGNORECASE)
MAIN_TYPES = {
    "wordprocessingml.document.main+xml": WORD,
    "wordprocessingml.template.main+xml": WORD,
    "spreadsheetml.sheet.main+xml": SHEET,
    "spreadsheetml.template.main+xml": SHEET,
}
USUAL_NAMES = {"word/document.xml": WORD, "xl/workbook.xml": SHEET}
SAYS_NOTHING = frozenset({"", "application/xml", "text/xml"})
PROGRAM_TYPES = re.compile(r"macro|activex|vbaproject", re.IGNORECASE)
PROGRAM_RELATIONS = re.compile(r"vba(?:project|data)|macrosheet|dialogsheet|activex", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the kind (an address), the target in small letters; None where the
    package has no such part."""

    kind: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Package:
    """What the parts say of each other. Names are in small letters, as they are compared."""

    main: str
    media_type: str
    sheets: tuple[str, ...]
    shared_strings: str | None


def parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by name, in the order of the archive.

    Raises BadUpload for a name that leads out of the package, and for two that become the same.
    """
    files = [part for part in archive.infolist() if not part.filename.endswith(("/", "\\"))]
    found = {_part_name(part.filename): part for part in files}
    if len({name.lower() for name in found}) != len(files):
        raise BadUpload(Refusal.DAMAGED)
    return found


def _part_name(raw: str) -> str:
    name = raw.replace("\\", "/")
    steps = name.split("/")
    if any(not step or ".." in step for step in steps) or CODED_STEP.search(name):
        raise BadUpload(Refusal.DAMAGED)
    name = "/".join(step for step in steps if step != ".")
    if name.lower() == CONTENT_TYPES.lower():
        return CONTENT_TYPES
    return RELATIONS.sub(r"\1_rels/\2.rels", name)


def source_of(relations_part: str) -> str:
    """Return the name of the part whose relations these are; empty for the package itself."""
    return RELATIONS.sub(r"\1\2", relations_part)


def resolved(source: str, target: str) -> str | None:
    """Return the name a relation's target has in the package, or None where it leads out of it."""
    path = target.strip().replace("\\", "/").split("#", 1)[0]
    steps = [] if path.startswith("/") else source.split("/")[:-1]
    for step in path.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def known_name(source: str, target: str, spelling: Mapping[str, str]) -> str | None:
    """Return the name of the part a target means, as the archive spells it; None where it has no
    such part. `spelling` holds the names by their small letters."""
    for one in (target, unquote(target)):
        name = resolved(source, one)
        if name is not None and name.lower() in spelling:
            return spelling[name.lower()]
    return None


def is_external(facts: Mapping[str, str]) -> bool:
    """Tell whether a relation points to something that is no part of the package."""
    mode = facts.get("TargetMode", "").strip().lower()
    return mode == "external" or bool(REMOTE.match(facts.get("Target", "")))


def described(names: Mapping[str, str], content: Callable[[str], bytes]) -> Package:
    """Return what the parts say of each other. `names` are all parts by their small letters,
    `content` unpacks one.

    Raises BadUpload: PROGRAM where a type or a relation names one, TYPE where the document is
    neither text nor sheets, DAMAGED where it is missing, outside the package, or there are two.
    """
    if CONTENT_TYPES.lower() not in names:
        raise BadUpload(Refusal.TYPE)
    overrides, defaults = _content_types(content(CONTENT_TYPES))
    found = {
        name: _relations(content(name), source_of(name), names)
        for name in names.values()
        if RELATIONS.search(name)
    }
    mains: set[str | None] = {
        one.target for one in found.get(ROOT_RELATIONS, ()) if DOCUMENT.search(one.kind)
    }
    if not mains:
        mains = {name for name in USUAL_NAMES if name in names}
        if not mains:
            raise BadUpload(Refusal.TYPE)
    declared = {name for name in names if MAIN_TYPE.search(overrides.get(name, ""))}
    main = next(iter(mains))
    if main is None or (mains | declared) != {main}:
        raise BadUpload(Refusal.DAMAGED)
    declared_as = overrides.get(main) or defaults.get(main.rpartition(".")[2], "")
    others = [one for relations in found.values() for one in relations]
    sheets = [one.target for one in others if one.kind.endswith(("/worksheet", "/chartsheet"))]
    strings = {one.target for one in others if one.kind.endswith("/sharedStrings")} & set(names)
    if len(strings) > 1:  # in which of them a cell points, another program may see otherwise
        raise BadUpload(Refusal.DAMAGED)
    return Package(
        main=main,
        media_type=_media_type(main, declared_as),
        sheets=tuple(dict.fromkeys(one for one in sheets if one is not None)),
        shared_strings=next(iter(strings), None),
    )


def _media_type(main: str, declared: str) -> str:
    known = next((kind for end, kind in MAIN_TYPES.items() if declared.endswith(end)), None)
    if known is None and declared in SAYS_NOTHING:
        known = USUAL_NAMES.get(main)
    if known is None:
        raise BadUpload(Refusal.TYPE)
    return known


def _content_types(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Return the types by name and by ending, all in small letters."""
    overrides: dict[str, str] = {}
    defaults: dict[str, str] = {}

    def noted(name: str, facts: dict[str, str]) -> None:
        kind = facts.get("ContentType", "").strip().lower()
        if PROGRAM_TYPES.search(kind):
            raise BadUpload(Refusal.PROGRAM)
        if name == "Override":
            overrides[(resolved("", facts.get("PartName", "")) or "").lower()] = kind
        elif name == "Default":
            defaults[facts.get("Extension", "").lower()] = kind

    listed(utf8(data), noted)
    return overrides, defaults


def _relations(data: bytes, source: str, names: Mapping[str, str]) -> list[Relation]:
    found: list[Relation] = []

    def noted(_name: str, facts: dict[str, str]) -> None:
        kind, target = facts.get("Type", "").strip(), facts.get("Target", "")
        if PROGRAM_RELATIONS.search(kind):
            raise BadUpload(Refusal.PROGRAM)
        part = None if is_external(facts) else known_name(source, target, names)
        found.append(Relation(kind, part.lower() if part else None))

    listed(utf8(data), noted)
    return found
