"""A telephone number as it is kept: +62... (E.164), read as people here write it. Pure."""

import re

import phonenumbers

HOME = "ID"
SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
SEVERAL = re.compile(r"[/;,]|\b(?:dan|atau)\b")
# "(0541) 733-766 ext 12", "pesawat 12", "#12": whom the exchange of an office puts through to.
EXTENSION = re.compile(
    r"[\s,;(]*(?:(?:extension|extn?|ekstensi|ekst?|pesawat|pswt?|pes)\b[.:\s]*|[x#]\s*)"
    r"(?P<number>\d{1,6})[\s)]*$",
    re.IGNORECASE,
)
# What people write beside a number without changing it.
LABELS = re.compile(
    r"\b(?:no|nomor|telp|tel|tlp|telepon|hp|handphone|wa|whatsapp|kantor|rumah|aktif)\b[.:]*",
    re.IGNORECASE,
)

SPOILED = (
    "Excel mengubah nomor ini menjadi {}; angka aslinya hilang. Ubah format kolom menjadi Teks, "
    "lalu tulis ulang nomornya."
)
TWO = "Berisi lebih dari satu nomor. Tulis satu nomor saja."
NO_NUMBER = "Bukan nomor telepon yang lengkap. Tulis seperti 0812-3456-7890."
WORDS = (
    "Ada tulisan lain di samping nomornya. Tulis nomornya saja, seperti 0812-3456-7890 atau "
    "0541-733766 ext. 12."
)


class BadTelephone(Exception):
    """What is written is no telephone number; the message says why."""


def read(text: str) -> str:
    """Return the number that was typed ("0812-...", "62812...", "'0812...", 812...) as "+62...",
    with the extension where one is written ("+62541733766 ext. 12"); "" for none. Raises
    BadTelephone."""
    text = text.strip().strip("'’`").strip()
    if text in ("", "-"):
        return ""
    if SPREADSHEET.fullmatch(text):
        raise BadTelephone(SPOILED.format(text))
    found = EXTENSION.search(text)
    extension = f" ext. {found['number']}" if found else ""
    text = LABELS.sub("", text[: found.start()] if found else text)
    text = text.replace("()", "").strip(" .:")
    if SEVERAL.search(text):
        raise BadTelephone(TWO)
    digits = re.sub(r"\D", "", text)
    # The library dials letters as a keypad does: "0541-733766 Budi" would be another number.
    if re.search(r"[^\W\d_]", text):
        raise BadTelephone(WORDS if len(digits) > 6 else NO_NUMBER)
    # Spreadsheets drop the zero in front, and people the plus.
    if digits.startswith("0062"):
        text = f"+{digits[2:]}"
    elif digits.startswith("62") and not text.startswith(("+", "0")):
        text = f"+{digits}"
    elif re.fullmatch(r"8\d{8,11}", digits):
        text = f"0{digits}"
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException as error:
        raise BadTelephone(NO_NUMBER) from error
    if not phonenumbers.is_possible_number(number):
        raise BadTelephone(NO_NUMBER)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def is_same(one: str, other: str) -> bool:
    """Tell whether two writings are one number: kept ones may be as they were typed."""
    try:
        return read(one) == read(other)
    except BadTelephone:
        return one == other
