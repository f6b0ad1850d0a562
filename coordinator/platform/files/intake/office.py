"""DOCX and XLSX: checks the words of every part, then repacks the file without unsafe parts.

Left out are what runs, who wrote it, and what a reader of the page does not see. The relations
(package.py) say which part is the document and which are sheets; the name and bytes of a part
decide how it is cleaned. Anything unknown is refused, not passed on.
"""

import io
import re
import sys
import zipfile
import zlib
from dataclasses import dataclass, field

from coordinator.platform.files.intake import inner, package, sheets
from coordinator.platform.files.intake.answer import BadUpload, CleanFile, Text, pack, pack_refusal
from coordinator.platform.files.intake.markup import NotMarkup, properties, words
from coordinator.platform.files.intake.package import CONTENT_TYPES, PROGRAM_TYPES, Package
from coordinator.platform.files.intake.rewriting import listed, plain, utf8
from coordinator.platform.files.rules import TEST_VIRUS, Reading, Refusal, Removed

MOST_PARTS = 2_000
LARGEST_PART = 40_000_000  # bytes, unpacked
LARGEST_WHOLE = 80_000_000
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotMarkup)
EMBEDDED_FILE = "berkas lain"
DEEPEST = 1  # a chart carries its own small workbook; that carries nothing
BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)

RUNS = re.compile(
    r"vbaproject|vbadata|macrosheets/|dialogsheets/|activex/|attachedtoolbars|customui/"
    r"|xl/intlmacro|userforms?/|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|swf|hta|lnk)$",
    re.IGNORECASE,
)
# What cannot be looked into, and what it is called.
CLOSED = (
    (re.compile(r"oleobject|\.bin$", re.IGNORECASE), "objek sisipan dari program lain (OLE)"),
    (re.compile(r"\.html?$", re.IGNORECASE), "halaman web"),
    (
        re.compile(r"\.(?:mp[34]|m4[av]|mov|avi|wmv|wma|wav|mpe?g|ogg|webm)$", re.IGNORECASE),
        "video atau rekaman suara",
    ),
)
ENDING = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)
# Who, when, with what: parts that no page shows.
DROPPED = re.compile(
    r"^(?:docprops/|customxml/|\[trash\]|_xmlsignatures/|xl/persons?/|word/people\.xml"
    r"|xl/customproperty\d*\.bin$|xl/revisions/|xl/connections\.xml|xl/model/|xl/querytables/"
    r"|word/webextensions/"
    r"|xl/webextensions/)|printersettings\d*\.bin$|/thumbnail\.|^thumbnail\.",
    re.IGNORECASE,
)
DROPPED_RELATIONS = re.compile(
    r"core-properties|extended-properties|custom-properties|customXml|thumbnail|printerSettings"
    r"|attachedTemplate|digital-signature|/people|/person|connections|queryTable|revisionHeaders"
    r"|webextension|powerPivotData|customProperty|usernames|mailMergeSource|mailMergeHeaderSource",
    re.IGNORECASE,
)
PAGE = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
EMBEDDED = re.compile(r"embeddings/[^/]+\.(?:xlsx|docx)$", re.IGNORECASE)
MARKUP = re.compile(r"\.(?:xml|rels|vml)$|^\[content_types\]\.xml$", re.IGNORECASE)
PLAIN = re.compile(r"\.(?:odttf|fntdata)$", re.IGNORECASE)  # embedded fonts

# Attributes and elements that name people, machines and editing sessions, and what fetches; looked
# for in the one spelling of rewriting.py.
PREFIX = rb"(?:[^\s<>/\"'=:]+:)?"


def _attribute(names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(\s" + PREFIX + rb"(?:" + names + rb')=")[^"]*"')


def _element(names: bytes) -> re.Pattern[bytes]:
    return re.compile(
        rb"<(" + PREFIX + rb"(?:" + names + rb"))(?:\s[^>]*)?(?:/>|(?<!/)>.*?</\1>)", re.DOTALL
    )


TAKEN_OUT: tuple[tuple[re.Pattern[bytes], bytes, Removed], ...] = (
    (_element(rb"rsids|rsid\w*|fileSharing|attachedTemplate|absPath"), b"", Removed.METADATA),
    (_element(rb"mailMerge"), b"", Removed.LINKS),
    (re.compile(rb"\s" + PREFIX + rb'rsid\w*="[^"]*"'), b"", Removed.METADATA),
    (
        _attribute(rb"author|initials|userName|lastModifiedBy|userId|providerId|codeName"),
        rb'\1"',
        Removed.AUTHOR,
    ),
    (_element(rb"author"), rb"<\1></\1>", Removed.AUTHOR),
    (
        re.compile(rb"(<" + PREFIX + rb"pageSetup\b[^>]*?)\s[^\s=:]+:id=\"[^\"]*\""),
        rb"\1",
        Removed.METADATA,
    ),
    (
        re.compile(rb"(\s" + PREFIX + rb'(?:src|althref)=")(?:\w+:|//|\\)[^"]*"', re.IGNORECASE),
        rb'\1"',
        Removed.LINKS,
    ),
)
# Functions of a sheet that start a program or fetch.
CALLS = re.compile(rb"<(?:[^\s<>/]+:)?f[\s>][^<]*\b(?:DDE|WEBSERVICE)\s*\(", re.IGNORECASE)


def main(payload: bytes) -> bytes:
    """Answer for one DOCX or XLSX."""
    sys.setrecursionlimit(2000)
    try:
        return pack(_cleaned(payload, Text(), 0))
    except BadUpload as refused:
        return pack_refusal(refused)
    except BROKEN:
        return pack_refusal(BadUpload(Refusal.DAMAGED))
    except NotImplementedError:  # a way of packing that office programs do not use
        return pack_refusal(BadUpload(Refusal.PACKING))


def _cleaned(payload: bytes, text: Text, depth: int) -> CleanFile:
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        parts = _checked_parts(archive)
        names = {name.lower(): name for name in parts}
        found = package.described(names, lambda name: _unpacked(archive, parts[name]))
        work = _Work(text, names, found, set())
        if found.shared_strings is not None:
            table = _unpacked(archive, parts[names[found.shared_strings]])
            work.shared = sheets.shared_strings(utf8(table))
        is_seen = True
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
            for name, part in parts.items():
                text.add(name, "nama bagian")
                data = _unpacked(archive, part)
                if DROPPED.search(name):
                    _read_dropped(name, data, text, work.removed)
                    continue
                if MARKUP.search(name):
                    data = _markup(name, data, work)
                elif EMBEDDED.search(name):
                    held = _embedded(data, text, depth + 1)
                    data, is_seen = held.data, is_seen and held.reading is Reading.FULL
                elif inner.is_picture(name, data):
                    is_seen = False
                    data = inner.cleaned(name, data, text, work.removed)
                elif not PLAIN.search(name):
                    raise BadUpload(Refusal.PART, _closed(name))
                clean.writestr(_entry(name), data)
    warnings = text.warnings() if depth == 0 else {}
    reading = Reading.FULL if is_seen and text.is_whole else Reading.PARTIAL
    return CleanFile(found.media_type, out.getvalue(), reading, frozenset(work.removed), warnings)


@dataclass(slots=True)
class _Work:
    """What is known while the parts of one file are read. `names`: all, by small letters."""

    text: Text
    names: dict[str, str]
    package: Package
    removed: set[Removed]
    shared: list[str] = field(default_factory=list)


def _embedded(data: bytes, text: Text, depth: int) -> CleanFile:
    """Return a workbook or document inside another, cleaned. Raises BadUpload with a reason that is
    true of the whole: what is wrong with the inner file is no word about the outer one."""
    if depth > DEEPEST:
        raise BadUpload(Refusal.TOO_COMPLEX)
    try:
        return _cleaned(data, text, depth)
    except BadUpload as refused:
        if refused.why in (Refusal.TYPE, Refusal.PASSWORD, Refusal.DAMAGED, Refusal.PACKING):
            raise BadUpload(Refusal.PART, EMBEDDED_FILE) from None
        raise
    except (*BROKEN, NotImplementedError):
        raise BadUpload(Refusal.PART, EMBEDDED_FILE) from None


def _closed(name: str) -> str:
    """Return what a part is that cannot be looked into; nothing of its name but the ending, which
    cannot hold a number of a person."""
    for pattern, what in CLOSED:
        if pattern.search(name):
            return what
    ending = ENDING.search(name)
    return f"bagian yang tidak dikenal ({ending[0].lower()})" if ending else "bagian tanpa jenis"


def _entry(name: str) -> zipfile.ZipInfo:
    """The same for everybody: no time, no system, no owner. So the same file stays the same."""
    entry = zipfile.ZipInfo(name, BEGINNING_OF_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


def _checked_parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by name, after everything the archive's directory says was doubted."""
    if len(archive.infolist()) > MOST_PARTS:
        raise BadUpload(Refusal.TOO_COMPLEX)
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise BadUpload(Refusal.PASSWORD)
    parts = package.parts(archive)
    if any(RUNS.search(name) for name in parts):
        raise BadUpload(Refusal.PROGRAM)
    sizes = [part.file_size for part in parts.values()]
    if max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_WHOLE:
        raise BadUpload(Refusal.TOO_COMPLEX)
    return parts


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Unpack what the directory promised and not a byte more; CRC and size are checked."""
    with archive.open(part) as file:  # read() without a number would unpack all there is
        data = file.read(part.file_size)
        if file.read(1):
            raise BadUpload(Refusal.DAMAGED)
    if TEST_VIRUS in data:
        raise BadUpload(Refusal.PROGRAM)
    return data


def _read_dropped(name: str, data: bytes, text: Text, removed: set[Removed]) -> None:
    if MARKUP.search(name):
        found = list(properties(data))
        text.add_all((value for _tag, value in found), "keterangan berkas")
        authors = {"creator", "lastModifiedBy", "Manager", "Company", "displayName"}
        if any(tag in authors and value.strip() for tag, value in found):
            removed.add(Removed.AUTHOR)
    if name.lower().startswith("_xmlsignatures/"):
        removed.add(Removed.SIGNATURE)
    removed.add(Removed.METADATA)


def _markup(name: str, data: bytes, work: _Work) -> bytes:
    """Read one part and return it without names, machines and links that fetch."""
    data, text, removed = utf8(data), work.text, work.removed
    if name.endswith(".rels"):
        text.add_all((value for _tag, value in properties(data)), "tautan")
        return _relations(data, package.source_of(name), work)
    if name == CONTENT_TYPES:
        return _content_types(data, work.names)
    data = plain(data, removed)
    if CALLS.search(data):
        raise BadUpload(Refusal.COMMAND)
    sheet = sheets.number_of(name, data, work.package.sheets)
    if sheet:
        sheets.read(data, work.shared, text, sheet)
    else:
        place = "kepala, kaki, catatan, atau komentar"
        if name.lower() in (work.package.main, work.package.shared_strings):
            place = ""
        for piece in words(data):
            text.add(piece, place)
    clean = data
    for pattern, instead, what in TAKEN_OUT:
        stripped = pattern.sub(instead, clean)
        if stripped != clean:
            removed.add(what)
            clean = stripped
    return clean


def _relations(data: bytes, source: str, work: _Work) -> bytes:
    """Drop links to dropped parts and out of the package; what an office program fetches by itself
    leads nowhere. A part is named as the archive spells it."""

    def wanted(name: str, facts: dict[str, str]) -> dict[str, str] | None:
        kind, target = facts.get("Type", "").strip(), facts.get("Target", "")
        if name != "Relationship" or DROPPED_RELATIONS.search(kind):
            return None
        kept = {"Id": facts.get("Id", ""), "Type": kind, "Target": target}
        if package.is_external(facts):
            if not (kind.endswith("/hyperlink") and PAGE.match(target)):
                work.removed.add(Removed.LINKS)
                kept["Target"] = "about:blank"
            kept["TargetMode"] = "External"
        elif package.resolved(source, target) is None:
            work.removed.add(Removed.LINKS)
            return None
        else:
            part = package.known_name(source, target, work.names)
            if part is not None and part not in (target, package.resolved(source, target)):
                kept["Target"] = f"/{part}"
            elif "\\" in target:
                kept["Target"] = target.replace("\\", "/")
        return kept

    return listed(data, wanted)


def _content_types(data: bytes, names: dict[str, str]) -> bytes:
    """Drop the types of dropped parts, and name the others as the archive spells them."""

    def wanted(_name: str, facts: dict[str, str]) -> dict[str, str] | None:
        if PROGRAM_TYPES.search(facts.get("ContentType", "")):
            raise BadUpload(Refusal.PROGRAM)
        part = facts.get("PartName", "")
        if DROPPED.search(part.lstrip("/")):
            return None
        known = package.known_name("", part, names) if part else None
        return facts if known is None else facts | {"PartName": f"/{known}"}

    return listed(data, wanted)
