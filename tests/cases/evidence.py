"""PDF and office files that every viewer opens, and how much of each can be read."""

from coordinator.platform.files.rules import PDF, SHEET, WORD, Reading

# Type, and how much of the words could be read: pictures are seen by a person.
CASES = {
    "15-backslash-names.xlsx": (SHEET, Reading.FULL),
    "65-owner-password-only.pdf": (PDF, Reading.FULL),
    "66-leading-bom.pdf": (PDF, Reading.FULL),
    "67-trailing-zeros.pdf": (PDF, Reading.FULL),
    "71-docx-document2.docx": (WORD, Reading.FULL),
    "73-docx-webp.docx": (WORD, Reading.PARTIAL),
    "74-docx-tmp-image.docx": (WORD, Reading.PARTIAL),
}
PICTURES = {
    "73-docx-webp.docx": "word/media/image1.webp",
    "74-docx-tmp-image.docx": "word/media/image1.tmp",
}
