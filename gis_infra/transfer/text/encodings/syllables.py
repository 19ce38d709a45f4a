"""Whether a word could be a Vietnamese syllable: the evidence by which encodings are told apart.

Vietnamese is written in syllables of an onset, a rhyme and at most one tone, and the sets are small and closed; text
decoded by a wrong table hardly ever yields them. Names of foreign origin fail, so a share is judged, never one word.
"""

import re
import unicodedata

ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong "
    "op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung uơ up "
    "ut uy uya uych uyên uyêt uynh uyt uyu uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt "
    "ươu ưt ưu y yêm yên yêng yêt yêu ych yn ynh yt yu êc êng iên uôp"
)
TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
SHARP_OR_HEAVY = frozenset("\u0301\u0323")
SYLLABLE = re.compile(f"({'|'.join(sorted(ONSETS.split(), key=len, reverse=True))})?(.*)")
KNOWN_RHYMES = frozenset(RHYMES.split())
BEGINNINGS = frozenset(rhyme[:end] for rhyme in KNOWN_RHYMES for end in range(1, len(rhyme)))


def is_syllable(word: str) -> bool:
    """Whether `word` (any case, NFC) is an onset, a rhyme and a tone that go together."""
    bare, tones = split_tones(word)
    return len(tones) <= 1 and any(
        rhyme in KNOWN_RHYMES and is_tone_allowed(rhyme, tones) for rhyme in find_rhymes(bare)
    )


def is_beginning(word: str) -> bool:
    """Whether `word` could be a syllable of which the end is cut off."""
    bare, tones = split_tones(word)
    return len(tones) <= 1 and any(rhyme in BEGINNINGS for rhyme in find_rhymes(bare))


def split_tones(word: str) -> tuple[str, list[str]]:
    """A word in small letters without its tones, and the tones."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return unicodedata.normalize("NFC", TONES.sub("", parts)), TONES.findall(parts)


def has_likely_case(word: str) -> bool:
    """Whether a word is small, a capital and small, or all capitals; a wrong table scatters capitals through it."""
    return word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())


def find_rhymes(bare: str) -> tuple[str, ...]:
    """What may be the rhyme of a toneless syllable; "gi" and "qu" share a letter with it, so there can be two."""
    match = SYLLABLE.fullmatch(bare)
    if match is None:
        return ()
    onset, rest = match[1] or "", match[2]
    return (rest, onset[-1] + rest) if onset in {"gi", "qu"} else (rest,)


def is_tone_allowed(rhyme: str, tones: list[str]) -> bool:
    """A rhyme that ends in a stop carries the sharp or the heavy tone, never none of them."""
    return not rhyme.endswith(("c", "ch", "p", "t")) or (bool(tones) and tones[0] in SHARP_OR_HEAVY)
