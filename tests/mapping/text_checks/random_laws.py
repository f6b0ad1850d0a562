"""Laws made of known articles, full of references to others. DATA CONTOH, no words of a law."""

from random import Random

WORDS = (
    "dinas", "contoh", "loket", "layanan", "papan", "meja", "kursi", "sesuai", "dengan",
    "ketentuan", "yang", "untuk", "oleh",
)  # fmt: skip


def random_law(chance: Random) -> tuple[str, dict[str, str]]:
    """A law of a few articles in order, and what each citation of it should find."""
    number, pieces, truth = chance.randint(1, 30), [], {}
    for at in range(chance.randint(2, 7)):
        is_inserted = at > 0 and chance.random() < 0.15 and f"Pasal {number - 1}A" not in truth
        name = f"{number - 1}A" if is_inserted else str(number)
        number += not is_inserted
        pieces.append(_article(chance, f"Pasal {name}", number, truth))
        if chance.random() < 0.15:
            pieces.append("BAB III\nKETENTUAN CONTOH")
    return "\n".join(pieces), truth


def _article(chance: Random, name: str, number: int, truth: dict[str, str]) -> str:
    kind = chance.random()
    body: list[str] = []
    if kind < 0.6:
        for k in range(1, chance.randint(2, 5)):
            begin = f"({k}) {_sentence(chance, number)}"
            lines = _listed(chance, number) if chance.random() < 0.3 else []
            body.append("\n".join([f"{begin}{':' if lines else '.'}", *lines]))
            truth[f"{name} ayat ({k})"] = body[-1]
            for one in lines:
                truth[f"{name} ayat ({k}) huruf {one[0]}"] = f"{begin}:\n{one}"
    elif kind < 0.8:
        begin, lines = _sentence(chance, number), _listed(chance, number)
        body = [f"{begin}:", *lines]
        for one in lines:
            truth[f"{name} huruf {one[0]}"] = f"{name}\n{begin}:\n{one}"
    else:
        body = [f"{_sentence(chance, number)}."]
    truth[name] = "\n".join([name, *body])
    return truth[name]


def _listed(chance: Random, number: int) -> list[str]:
    count = chance.randint(2, 4)
    ends = [";" if chance.random() < 0.8 else "," for _at in range(count)]
    ends[-2:] = [chance.choice(["; dan", ", dan", "; atau"]), "."]
    return [f"{'abcd'[at]}. {_words(chance, number)}{end}" for at, end in enumerate(ends)]


def _sentence(chance: Random, number: int) -> str:
    words = _words(chance, number)
    return words[0].upper() + words[1:]


def _words(chance: Random, number: int) -> str:
    words = [chance.choice(WORDS) for _n in range(chance.randint(1, 6))]
    for _n in range(chance.choice([0, 1, 1, 2])):
        before = chance.choice(["sebagaimana dimaksud dalam ", "pada ", "menurut ", "", "dengan "])
        words.insert(chance.randint(0, len(words)), before + _reference(chance, number))
    return " ".join(words)


def _reference(chance: Random, number: int) -> str:
    n = chance.choice([number - 1, number, number + 1, chance.randint(1, 40)])
    k, letter = chance.randint(1, 5), chance.choice("abcd")
    return chance.choice(
        [
            f"Pasal {n}",
            f"Pasal {n}A",
            f"Pasal {n} ayat ({k})",
            f"Pasal {n} ayat ({k}) huruf {letter}",
            f"Pasal {n} ayat ({k}), ({k + 1}), dan ({k + 2})",
            f"Pasal {n}, Pasal {n + 1}, dan Pasal {n + 2}",
            f"Pasal {n} jo. Pasal {n + 1}",
            f"Pasal {n} Undang-Undang Contoh",
            f"ayat ({k})",
            f"ayat ({k}) dan ayat ({k + 1})",
            f"ayat ({k}), ayat ({k + 1}), dan ayat ({k + 2})",
            f"ayat ({k}) huruf a, huruf b, dan huruf {letter}",
            f"huruf {letter}",
            f"huruf {letter} dan huruf e",
            "huruf a, b, dan c",
            f"angka {k}",
            "Bagian Kedua",
            "BAB II",
        ]
    )
