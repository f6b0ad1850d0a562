"""DOCX and XLSX: the words of every part looked at, then packed anew without what runs, who wrote
it, and what a reader of the page does not see.

A part is known by its name alone; what is not known is refused, not passed on.
"""

import io
import re
import sys
import zipfile
import zlib

from coordinator.evidence.intake import inner, sheets
from coordinator.evidence.intake.answer import Answer, Refused, Text, pack, pack_refusal
from coordinator.evidence.intake.markup import NotMarkup, properties, words
from coordinator.evidence.intake.rewriting import listed, plain
from coordinator.evidence.rules import SHEET, TEST_VIRUS, WORD, Reading, Refusal, Removed

MAIN_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": SHEET}
SHARED_STRINGS = "xl/sharedStrings.xml"
MOST_PARTS = 2_000
LARGEST_PART = 40_000_000  # bytes, unpacked
LARGEST_WHOLE = 80_000_000
DEEPEST = 1  # a chart carries its own small workbook; that carries nothing
BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)

RUNS = re.compile(
    r"vbaproject|vbadata|macrosheets/|dialogsheets/|activex/|\.bin$|oleobject|attachedtoolbars"
    r"|customui/|xl/intlmacro|userforms?/|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|html?|swf|hta|lnk)$",
    re.IGNORECASE,
)
HARMLESS_BIN = re.compile(r"printersettings\d*\.bin$|xl/model/|calcchain\.bin$", re.IGNORECASE)
# Who, when, with what: parts that no page shows.
DROPPED = re.compile(
    r"^(?:docprops/|customxml/|\[trash\]|_xmlsignatures/|xl/persons?/|word/people\.xml"
    r"|xl/revisions/|xl/connections\.xml|xl/model/|xl/querytables/|word/webextensions/"
    r"|xl/webextensions/)|printersettings\d*\.bin$|/thumbnail\.|^thumbnail\.",
    re.IGNORECASE,
)
DROPPED_RELATIONS = re.compile(
    r"core-properties|extended-properties|custom-properties|customXml|thumbnail|printerSettings"
    r"|attachedTemplate|digital-signature|/people|/person|connections|queryTable|revisionHeaders"
    r"|webextension|powerPivotData|usernames|mailMergeSource|mailMergeHeaderSource",
    re.IGNORECASE,
)
REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
PAGE = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
PROGRAM_TYPES = re.compile(r"macro|activex|vbaproject", re.IGNORECASE)
MEDIA = re.compile(r"\.(?:jpe?g|jfif|png|gif|bmp|tiff?|emf|wmf|emz|wmz|svg|wdp)$", re.IGNORECASE)
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
    except Refused as refused:
        return pack_refusal(refused)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotMarkup):
        return pack_refusal(Refused(Refusal.DAMAGED))
    except NotImplementedError:  # a way of packing that office programs do not use
        return pack_refusal(Refused(Refusal.TYPE))


def _cleaned(payload: bytes, text: Text, depth: int) -> Answer:
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        parts = _checked_parts(archive)
        names = {part.filename for part in parts}
        media_type = next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
        if media_type is None or "[Content_Types].xml" not in names:
            raise Refused(Refusal.TYPE)
        removed: set[Removed] = set()
        is_seen = True
        out = io.BytesIO()
        shared: list[str] = []
        if SHARED_STRINGS in names:
            table = _unpacked(archive, archive.getinfo(SHARED_STRINGS))
            shared = sheets.shared_strings(_utf8(table))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
            for part in parts:
                name = part.filename
                text.add(name, "nama bagian")
                data = _unpacked(archive, part)
                if DROPPED.search(name):
                    _read_dropped(name, data, text, removed)
                    continue
                if MEDIA.search(name):
                    is_seen = False
                    data = inner.cleaned(name, data, text, removed)
                elif EMBEDDED.search(name):
                    if depth >= DEEPEST:
                        raise Refused(Refusal.TOO_COMPLEX)
                    held = _cleaned(data, text, depth + 1)
                    data, is_seen = held.data, is_seen and held.reading is Reading.FULL
                elif MARKUP.search(name):
                    data = _markup(name, data, text, removed, shared)
                elif PLAIN.search(name):
                    pass
                else:
                    raise Refused(Refusal.PROGRAM)
                clean.writestr(_entry(name), data)
    warnings = text.warnings() if depth == 0 else {}
    reading = Reading.FULL if is_seen and text.is_whole else Reading.PARTIAL
    return Answer(media_type, out.getvalue(), reading, frozenset(removed), warnings)


def _entry(name: str) -> zipfile.ZipInfo:
    """The same for everybody: no time, no system, no owner. So the same file stays the same."""
    entry = zipfile.ZipInfo(name, BEGINNING_OF_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


def _checked_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the parts by the directory of the archive, after everything it says was doubted."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(archive.infolist()) > MOST_PARTS:
        raise Refused(Refusal.TOO_COMPLEX)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(Refusal.PASSWORD)
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise Refused(Refusal.DAMAGED)
    for part in parts:
        if part.filename.startswith(("/", "\\")) or ".." in part.filename or "\\" in part.filename:
            raise Refused(Refusal.DAMAGED)
        if RUNS.search(part.filename) and not HARMLESS_BIN.search(part.filename):
            raise Refused(Refusal.PROGRAM)
        if part.file_size > LARGEST_PART:
            raise Refused(Refusal.TOO_COMPLEX)
    if sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise Refused(Refusal.TOO_COMPLEX)
    return parts


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Unpack what the directory promised and not a byte more; CRC and size are checked."""
    with archive.open(part) as file:  # read() without a number would unpack all there is
        data = file.read(part.file_size)
        if file.read(1):
            raise Refused(Refusal.DAMAGED)
    if TEST_VIRUS in data:
        raise Refused(Refusal.PROGRAM)
    return data


def _read_dropped(name: str, data: bytes, text: Text, removed: set[Removed]) -> None:
    if MARKUP.search(name):
        found = list(properties(data))
        text.add_all((value for _tag, value in found), "keterangan berkas")
        authors = {"creator", "lastModifiedBy", "Manager", "Company", "displayName"}
        if any(tag in authors and value.strip() for tag, value in found):
            removed.add(Removed.AUTHOR)
    removed.add(Removed.METADATA)


def _markup(name: str, data: bytes, text: Text, removed: set[Removed], shared: list[str]) -> bytes:
    """Read one part and return it without names, machines and links that fetch."""
    data = _utf8(data)
    if name.endswith(".rels"):
        text.add_all((value for _tag, value in properties(data)), "tautan")
        return _relations(data, removed)
    if name == "[Content_Types].xml":
        return _content_types(data)
    data = plain(data, removed)
    sheet = sheets.SHEET_PART.search(name)
    if CALLS.search(data):
        raise Refused(Refusal.PROGRAM)
    if sheet:
        sheets.read(data, shared, text, sheet[1])
    else:
        place = "kepala, kaki, catatan, atau komentar"
        if name in ("word/document.xml", SHARED_STRINGS):
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


def _relations(data: bytes, removed: set[Removed]) -> bytes:
    """Drop links to dropped parts; what an office program fetches by itself leads nowhere."""

    def wanted(name: str, facts: dict[str, str]) -> dict[str, str] | None:
        kind, target = facts.get("Type", "").strip(), facts.get("Target", "")
        if name != "Relationship" or DROPPED_RELATIONS.search(kind):
            return None
        kept = {"Id": facts.get("Id", ""), "Type": kind, "Target": target}
        if facts.get("TargetMode", "").strip().lower() == "external" or REMOTE.match(target):
            if not (kind.endswith("/hyperlink") and PAGE.match(target)):
                removed.add(Removed.LINKS)
                kept["Target"] = "about:blank"
            kept["TargetMode"] = "External"
        return kept

    return listed(data, wanted)


def _content_types(data: bytes) -> bytes:
    def wanted(name: str, facts: dict[str, str]) -> dict[str, str] | None:
        if PROGRAM_TYPES.search(facts.get("ContentType", "")):
            raise Refused(Refusal.PROGRAM)
        return None if DROPPED.search(facts.get("PartName", "").lstrip("/")) else facts

    return listed(data, wanted)


def _utf8(data: bytes) -> bytes:
    """Return markup in UTF-8: what is written in another encoding could hide from the patterns."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            data = data.decode(encoding).encode()
            break
    head = data[:200]
    declared = re.search(rb"""encoding=["']([\w.-]+)["']""", head)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        if declared[1].lower() not in (b"utf-16", b"iso-8859-1", b"windows-1252"):
            raise Refused(Refusal.DAMAGED)
        if declared[1].lower() != b"utf-16":
            data = data.decode(declared[1].decode()).encode()
        data = re.sub(rb"""encoding=["'][\w.-]+["']""", b'encoding="UTF-8"', data, count=1)
    if b"\x00" in head or re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise Refused(Refusal.DAMAGED)
    return data
