"""A telephone number as it is kept: +62... (E.164), read as people here write it. Pure."""

import re
import urllib.parse

import phonenumbers

HOME = "ID"
LONGEST = 80  # characters: longer text is no number
SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
# Labels before or after a number that are not part of its digits.
LABELS = re.compile(
    r"^(?:(?:https?://)?wa\.me/|(?:nomor|no|telepon|telp|tlp|tel|hp|handphone|wa|whatsapp|kantor|rumah)\b[.:\s]*)+"
    r"|[\s(]+(?:wa|whatsapp|hp|kantor|rumah|aktif)\.?\)?$",
    re.IGNORECASE,
)
# "(0541) 733-766 ext 12", "pesawat 12", "#12": an extension of an office's exchange.
EXTENSION = re.compile(
    r"[\s,;(]*(?:(?:extension|extn?|ekstensi|ekst?|pesawat|pswt?|pes)\b[.:\s]*|[x#]\s*)"
    r"(?P<number>\d{1,6})[\s)]*$",
    re.IGNORECASE,
)
AREA = re.compile(r"^\(?(0[2-79]\d{1,2})\)?\s*/\s*(?=\d)")  # "0541/741234"
SEVERAL = re.compile(r"[/;,\n]|\b(?:dan|atau|&)\b")
# What a spreadsheet makes of a number: 81234567890.0, 81,234,567,890.
WHOLE = re.compile(r"([1-9]\d{7,}|0\d{7,}(?=.0$))[.,]0{1,2}")
FRACTION = re.compile(r"\+?\d{8,}[.,]\d{1,2}")
GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){2,}")
PLAIN = re.compile(r"[\d+()\s.\-–—‑_]*")
MOBILE = re.compile(r"8\d{8,11}")
KEPT_MOBILE = re.compile(r"\+628\d+")

SPOILED = (
    "Excel mengubah nomor ini menjadi {}; angka aslinya hilang. Ubah format kolom menjadi Teks, "
    "lalu tulis ulang nomornya."
)
TWO = "Berisi lebih dari satu nomor. Tulis satu nomor saja."
NO_NUMBER = "Bukan nomor telepon yang lengkap. Tulis seperti 0812-3456-7890."
OTHER_SIGNS = "Ada huruf atau tanda di dalam nomor: {}. Tulis dengan angka saja."
TWO_ZEROS = "Awalan 008 dapat berarti 08 atau +8. Tulis mulai dengan 08, atau dengan +."


class BadTelephone(Exception):
    """What is written is no telephone number; the message says why."""


def read(text: str) -> str:
    """Return the number that was typed ("0812-...", "62812...", "'0812...", 812...) as "+62...",
    with the extension where one is written ("+62541733766 ext. 12"); "" for none.

    What can be meant in one way only is read so: "81234567890.0", "0062812...", "WA 0812...".
    Raises BadTelephone.
    """
    # Digits of every script and width; never "²", which is the mark of a footnote.
    text = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    text = text.replace("＋", "+").strip().strip("'’`").strip()
    if text in ("", "-"):
        return ""
    if len(text) > LONGEST:
        raise BadTelephone(NO_NUMBER)
    if SPREADSHEET.fullmatch(text):
        raise BadTelephone(SPOILED.format(text))
    found = EXTENSION.search(text)
    extension = f" ext. {found['number']}" if found else ""
    text = _one(text[: found.start()] if found else text)
    digits = re.sub(r"\D", "", text)
    is_foreign = text.lstrip(" (").startswith("+")
    if not is_foreign and digits.startswith("00"):
        # The sign for other countries, but for a zero typed twice: +81 and +82 exist too.
        if digits.startswith("008"):
            raise BadTelephone(TWO_ZEROS)
        text = f"+{digits[2:]}"
    elif is_foreign:
        text = f"+{digits}"
    elif digits.startswith("62"):
        text = f"+{digits}"  # Spreadsheets drop the plus, and the zero in front.
    else:
        text = f"0{digits}" if MOBILE.fullmatch(digits) else digits
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException as error:
        raise BadTelephone(NO_NUMBER) from error
    if not phonenumbers.is_valid_number(number):
        raise BadTelephone(NO_NUMBER)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def _one(text: str) -> str:
    """Return the number without labels and a spreadsheet's marks.

    Raises BadTelephone if it is not one number: dropping a digit silently would give another
    person's number.
    """
    text = LABELS.sub("", text).strip()
    if found := WHOLE.fullmatch(text):
        return found[1]
    if FRACTION.fullmatch(text):
        raise BadTelephone(NO_NUMBER)
    if GROUPED.fullmatch(text):
        return text.replace(",", "")
    text = AREA.sub(r"\1 ", text)
    parts = [part for part in SEVERAL.split(text) if re.search(r"\d", part)]
    if len(parts) > 1 or text.count("+") > 1:
        raise BadTelephone(TWO)
    if not parts:
        raise BadTelephone(NO_NUMBER)
    if not PLAIN.fullmatch(text):
        others = dict.fromkeys(re.findall(r"[^\W\d_]+|[^\w\s+().\-]", text))
        raise BadTelephone(OTHER_SIGNS.format(" ".join(others)[:40]))
    if text.lstrip(" (").find("+") > 0:
        raise BadTelephone(NO_NUMBER)
    return text


def is_same(one: str, other: str) -> bool:
    """Return whether two writings are one number: kept ones may be as they were typed."""
    try:
        return read(one) == read(other)
    except BadTelephone:
        return one == other


def telephone_link(number: str) -> str:
    """Return the link that rings a number as it is kept ("+62541733766 ext. 12")."""
    whole, _sign, extension = number.partition(" ext. ")
    return f"tel:{whole}" + (f";ext={extension}" if extension else "")


def whatsapp_link(number: str | None, text: str) -> str | None:
    """Return a link that opens WhatsApp with `text` to a mobile number; None for any other."""
    if not KEPT_MOBILE.fullmatch(number or ""):
        return None
    return f"https://wa.me/{(number or '').removeprefix('+')}?text={urllib.parse.quote(text)}"
