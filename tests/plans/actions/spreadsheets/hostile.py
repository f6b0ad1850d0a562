"""Files that are not what they say, that are too much, or that mean harm."""

from tests.plans.actions.spreadsheets.builders import (
    OLE,
    TYPES,
    archive,
    book,
    many_rows,
    noise,
    ods_of,
    raw_xlsx,
    text,
)
from tests.plans.actions.spreadsheets.case import HEADER, ROWS, Case

TABLE = "<table:table table:name='M'>{}</table:table>"
FULL_CELL = "<table:table-cell {} office:value-type='float' office:value='1'/>"
A_MILLION = "table:number-columns-repeated='1000000'"
ENTITIES = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(1, 9))
BOMB_DTD = f'<!DOCTYPE worksheet [<!ENTITY a1 "aaaaaaaaaa">{ENTITIES}]>'


def wide() -> bytes:
    """Return a sheet with 300 columns."""
    return book([HEADER, [f"kolom {place}" for place in range(300)]])


def shouting() -> bytes:
    """Return two cells at the two ends of the largest sheet there is."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v>'
    return raw_xlsx(f"<sheetData>{cells}</c></row></sheetData>")


def deep_merges() -> bytes:
    """Return a sheet that merges all it has, many times."""
    merges = "<mergeCell ref='A2:XFD1048576'/>" * 2000
    return raw_xlsx(
        "<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>Aksi</t></is></c>"
        "<c r='B1' t='inlineStr'><is><t>Indikator</t></is></c></row></sheetData>"
        f"<mergeCells>{merges}</mergeCells>"
    )


HOSTILE = [
    Case("empty", "ha.xlsx", lambda: b"", refused="kosong"),
    Case("only spaces", "hb.csv", lambda: b" \r\n\t\n", refused="kosong"),
    Case("empty workbook", "hc.xlsx", lambda: book([]), refused="tidak memuat lembar"),
    Case("cut off", "hd.xlsx", lambda: book([HEADER, *ROWS])[:3000], refused="rusak"),
    Case("larger than 10 MB", "he.csv", lambda: b"a;b\n" * 2_700_000, refused="10 MB"),
    Case(
        "a bomb of zeros",
        "hf.xlsx",
        lambda: archive({"[Content_Types].xml": TYPES, "xl/a.xml": b"0" * 30_000_000}),
        refused="mengembang",
        in_child=True,
    ),
    Case(
        "a hundred thousand parts",
        "hg.xlsx",
        lambda: archive({f"xl/{number}.xml": "" for number in range(3_000)}),
        refused="mengembang",
    ),
    Case("a ZIP with a plan in it", "hh.zip", lambda: archive({"a.xlsx": b"PK"}), refused="arsip"),
    Case(
        "locked with a password",
        "hi.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        refused="kata sandi",
    ),
    Case(
        "ODS locked with a password",
        "hj.ods",
        lambda: ods_of("", "<manifest:encryption-data/>"),
        refused="kata sandi",
    ),
    Case("old Excel", "hk.xls", lambda: OLE, refused="Excel lama"),
    Case(
        "binary Excel",
        "hl.xlsb",
        lambda: archive({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"\0"}),
        refused="biner",
    ),
    Case(
        "with macros",
        "hm.xlsm",
        lambda: archive({"[Content_Types].xml": TYPES, "xl/vbaProject.bin": b"\0"}),
        refused="makro",
    ),
    Case(
        "a web page called xls",
        "hn.xls",
        lambda: b"<html><table><tr><td>Aksi</td></tr></table></html>",
        refused="halaman web",
    ),
    Case("a PDF", "ho.xlsx", lambda: b"%PDF-1.7\n", refused="PDF"),
    Case(
        "a letter",
        "hp.xlsx",
        lambda: archive({"[Content_Types].xml": TYPES, "word/document.xml": "<w/>"}),
        refused="Word",
    ),
    Case("a picture", "hq.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + noise(50), refused="gambar"),
    Case("noise", "hr.xlsx", lambda: b"\x01\0" + noise(5000), refused="tidak dikenali"),
    Case(
        "400,000 rows",
        "hs.xlsx",
        lambda: many_rows(400_000),
        refused="20.000 baris",
        in_child=True,
    ),
    Case("300 columns", "ht.xlsx", wide, refused="200 kolom"),
    Case("two cells a million rows apart", "hu.xlsx", shouting, refused="terlalu besar"),
    Case(
        "ODS that repeats one row a million times",
        "hv.ods",
        lambda: ods_of(
            TABLE.format(
                "<table:table-row table:number-rows-repeated='1000000'>"
                f"{FULL_CELL.format('')}</table:table-row>"
            )
        ),
        refused="terlalu besar",
        in_child=True,
    ),
    Case(
        "ODS that repeats one cell a million times",
        "hw.ods",
        lambda: ods_of(
            TABLE.format(f"<table:table-row>{FULL_CELL.format(A_MILLION)}</table:table-row>")
        ),
        refused="terlalu besar",
        in_child=True,
    ),
    Case(
        "entities inside entities",
        "hx.xlsx",
        lambda: raw_xlsx(
            "<sheetData><row><c t='inlineStr'><is><t>&a9;</t></is></c></row></sheetData>", BOMB_DTD
        ),
        refused="rusak",
        in_child=True,
    ),
    Case(
        "merged all over, two thousand times",
        "hy.xlsx",
        deep_merges,
        errors=((1, None, "Tidak ada satu aksi pun"),),
        in_child=True,
    ),
    Case("XML that ends early", "hz.xlsx", lambda: raw_xlsx(b"<worksheet><row>"), refused="rusak"),
    Case(
        "no header: a person may point at it",
        "ia.xlsx",
        lambda: book([["a", "b"], [1, 2]]),
        errors=((1, None, "judul kolom"),),
        unsure="AB",
    ),
    Case(
        "a header alone",
        "ib.xlsx",
        lambda: book([HEADER]),
        errors=((1, None, "Tidak ada satu aksi"),),
    ),
    Case("text without columns", "ic.csv", lambda: b"satu\ndua\n", refused="tidak berkolom"),
    Case(
        "a quote never closed",
        "id.csv",
        lambda: text([HEADER]) + b'1;"' + b"x" * 50_000,
        refused='kutip (") yang dibuka di baris 2',
    ),
    Case("YAML that is none", "ie.yaml", lambda: b"plan: [1\n", errors=((1, None, "YAML"),)),
]
