"""GML of a page as compiled loops over what PostgreSQL sends: its records, and its geometries as WKB.

Pure. They write what `features`, `values` and `geometry` write of the same; `rows` calls them.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gis_infra.compiled import compiled

Bytes: TypeAlias = npt.NDArray[np.uint8]
Integers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

# Kinds of values, the same as in `records`; any other is put as it is.
TEXT, NUMBER, INTEGER, TRUTH, MOMENT = 0, 2, 3, 4, 5
# Short words, each as one number, whose lowest byte is the first letter.
TRUE, FALSE, INFINITE, WITHOUT_DECIMALS, AMPERSAND, LESS, GREATER, RETURN, REPLACEMENT = (
    int.from_bytes(word.encode(), "little")
    for word in ("true", "false", "INF", ".0", "&amp;", "&lt;", "&gt;", "&#13;", "\ufffd")
)
LONGEST_ESCAPE, LONGEST_VALUE, LONGEST_COORDINATE = 5, 32, 32
AMPERSAND_BYTE, LESS_BYTE, GREATER_BYTE, LETTER_I, MINUS, DOT, ZERO, COLON, SPACE = b"&<>I-.0: "
# What XML forbids: control characters, U+FFFE and U+FFFF, in UTF-8 EF BF BE and EF BF BF. Source: XML 1.0, clause 2.2.
TAB, LINE_FEED, RETURN_BYTE, FIRST_PRINTED = 0x09, 0x0A, 0x0D, 0x20
LEAD, SECOND, FIRST_FORBIDDEN = 0xEF, 0xBF, 0xBE
# Of a record: how many values follow, and before each its type and its length. Source: PostgreSQL, rowtypes.c.
COUNT_BYTES, TYPE_BYTES, LENGTH_BYTES, NO_VALUE = 4, 4, 4, -1
# From 0000-03-01, where cycles of 400 years begin that end with the leap day, to PostgreSQL's epoch, 2000-01-01.
EPOCH, CYCLE_DAYS, CENTURY_DAYS, FOUR_YEARS_DAYS, YEAR_DAYS = 730_425, 146_097, 36_524, 1_461, 365
DAY, HOUR, MINUTE, SECOND_, MILLISECOND = 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000
FURTHEST_MOMENT = 9_223_372_036_854_775_807  # infinity; its negative less one is that of the past
# WKB: the order of its bytes, its type, in lines the number of positions, and numbers. Source: OGC 06-103r4, clause 8.
LITTLE_ENDIAN, POINT, LINE = 1, 1, 2
HEAD_BYTES, LINE_HEAD_BYTES, AXIS_BYTES, POSITION_BYTES = 5, 9, 8, 16
MOST = 1e15  # steps of the last decimal, of which a float says each


@compiled("int64(uint8[::1], int64, uint8[::1], int64, int64)")
def put(out: Bytes, place: int, data: Bytes, start: int, end: int) -> int:
    """Copy `data[start:end]` into `out` at `place`; the place after it, as of all that put something."""
    # Places that cannot be negative: of others each would be asked whether it counts from the end, a byte at a time.
    source, target = np.uint64(start), np.uint64(place)
    for at in range(np.uint64(end - start)):
        out[target + at] = data[source + at]
    return place + end - start


@compiled("int64(uint8[::1], int64, int64)")
def put_word(out: Bytes, place: int, word: int) -> int:
    """One of the short words."""
    while word:
        out[place] = word & 0xFF
        word >>= 8
        place += 1
    return place


@compiled("int64(uint8[::1], int64, int64, int64)")
def put_digits(out: Bytes, place: int, number: int, least: int) -> int:
    """A whole number that is not negative, with zeros before it up to `least` digits."""
    digits, rest = 1, number // 10
    while rest:
        rest //= 10
        digits += 1
    end = place + max(digits, least)
    for at in range(end - 1, place - 1, -1):
        out[at] = ZERO + number % 10
        number //= 10
    return end


@compiled("int64(uint8[::1], int64, int64)")
def put_integer(out: Bytes, place: int, number: int) -> int:
    """A whole number."""
    if number >= 0:
        return put_digits(out, place, number, 1)
    out[place] = MINUS
    place += 1
    # The least of all has no counterpart above zero; its tenth has.
    tens, units = -(number // 10), number % 10
    if units:
        tens, units = tens - 1, 10 - units
    if tens:
        place = put_digits(out, place, tens, 1)
    return put_digits(out, place, units, 1)


@compiled("int64(uint8[::1], int64, int64)")
def put_day(out: Bytes, place: int, day: int) -> int:
    """A day of the Gregorian calendar, by its number from 2000-01-01 on."""
    since = day + EPOCH
    cycle, left = since // CYCLE_DAYS, since % CYCLE_DAYS
    century = min(left // CENTURY_DAYS, 3)
    left -= century * CENTURY_DAYS
    four, left = left // FOUR_YEARS_DAYS, left % FOUR_YEARS_DAYS
    single = min(left // YEAR_DAYS, 3)
    left -= single * YEAR_DAYS
    # From March on months have 31, 30, 31, 30 and 31 days, over and over.
    month = (5 * left + 2) // 153
    number = month + 3 if month < 10 else month - 9
    year = 400 * cycle + 100 * century + 4 * four + single + (number <= 2)
    if year < 0:
        out[place] = MINUS
        place += 1
    place = put_digits(out, place, abs(year), 4)
    out[place] = MINUS
    out[place + 3] = MINUS
    put_digits(out, place + 1, number, 2)
    return put_digits(out, place + 4, left - (153 * month + 2) // 5 + 1, 2)


@compiled("int64(uint8[::1], int64, int64)")
def put_moment(out: Bytes, place: int, moment: int) -> int:
    """A moment in UTC, by its microseconds from 2000-01-01 on; to the millisecond where it is no whole second."""
    place = put_day(out, place, moment // DAY)
    left = moment % DAY
    out[place] = ord("T")
    out[place + 3] = out[place + 6] = COLON
    put_digits(out, place + 1, left // HOUR, 2)
    put_digits(out, place + 4, left % HOUR // MINUTE, 2)
    place = put_digits(out, place + 7, left % MINUTE // SECOND_, 2)
    milliseconds = left % SECOND_ // MILLISECOND
    if milliseconds:
        out[place] = DOT
        place = put_digits(out, place + 1, milliseconds, 3)
    out[place] = ord("Z")
    return place + 1


@compiled("boolean(uint8)")
def is_plain(letter: int) -> bool:
    """Whether a byte of a text stays as it is, whatever follows."""
    if letter < FIRST_PRINTED:
        return letter in (TAB, LINE_FEED)
    return letter != AMPERSAND_BYTE and letter != LESS_BYTE and letter != GREATER_BYTE and letter != LEAD


@compiled("int64(uint8[::1], int64, uint8[::1], int64, int64)")
def put_text(out: Bytes, place: int, data: Bytes, start: int, end: int) -> int:
    """Text in UTF-8, of which XML holds no markup; what it forbids is replaced by U+FFFD."""
    at = start
    while at < end:
        first = at
        while at < end and is_plain(data[at]):
            at += 1
        place = put(out, place, data, first, at)
        if at == end:
            return place
        letter = data[at]
        at += 1
        if letter == AMPERSAND_BYTE:
            place = put_word(out, place, AMPERSAND)
        elif letter == LESS_BYTE:
            place = put_word(out, place, LESS)
        elif letter == GREATER_BYTE:
            place = put_word(out, place, GREATER)
        elif letter == RETURN_BYTE:
            place = put_word(out, place, RETURN)
        elif letter != LEAD:
            place = put_word(out, place, REPLACEMENT)
        elif data[at] == SECOND and data[at + 1] >= FIRST_FORBIDDEN:
            place = put_word(out, place, REPLACEMENT)
            at += 2
        else:
            out[place] = letter
            place += 1
    return place


@compiled("int64(uint8[::1], int64, uint8[::1], int64, int64)")
def put_number(out: Bytes, place: int, data: Bytes, start: int, end: int) -> int:
    """A number as PostgreSQL writes it; XML Schema has a shorter word for one without end."""
    first = start + 1 if data[start] == MINUS else start
    if data[first] != LETTER_I:
        return put(out, place, data, start, end)
    return put_word(out, put(out, place, data, start, first), INFINITE)


@compiled("int64(uint8[::1], int64, int64)")
def read_integer(data: Bytes, start: int, length: int) -> int:
    """A whole number of so many bytes, the first of which weighs most."""
    number = int(data[start])
    if number > 127:
        number -= 256
    for at in range(start + 1, start + length):
        number = (number << 8) | int(data[at])
    return number


@compiled("int64(uint8[::1], int64, uint8[::1], int64, int64, int64)")
def put_value(out: Bytes, place: int, data: Bytes, start: int, length: int, kind: int) -> int:
    """A value that is there, by its kind."""
    if kind == TEXT:
        return put_text(out, place, data, start, start + length)
    if kind == NUMBER:
        return put_number(out, place, data, start, start + length)
    if kind == INTEGER:
        return put_integer(out, place, read_integer(data, start, length))
    if kind == TRUTH:
        return put_word(out, place, TRUE if data[start] else FALSE)
    if kind == MOMENT:
        return put_moment(out, place, read_integer(data, start, length))
    return put(out, place, data, start, start + length)


@compiled("void(uint8[::1], int64, int64[::1], int64[::1], int64[::1])")
def find_values(data: Bytes, start: int, kinds: Integers, starts: Integers, lengths: Integers) -> None:
    """Where the values of the record that begins at `start` are; one that is missing has the length `NO_VALUE`."""
    place = start + COUNT_BYTES
    for column in range(len(kinds)):
        length = read_integer(data, place + TYPE_BYTES, LENGTH_BYTES)
        place += TYPE_BYTES + LENGTH_BYTES
        starts[column], lengths[column] = place, length
        if length == NO_VALUE:
            continue
        if kinds[column] == MOMENT:
            moment = read_integer(data, place, length)
            if moment == FURTHEST_MOMENT or moment == -FURTHEST_MOMENT - 1:
                lengths[column] = NO_VALUE
        place += length


@compiled(
    "uint8[::1](int64[::1], uint8[::1], int64[::1], int64[::1], int64[::1],"
    " uint8[::1], int64[::1], uint8[::1], int64[::1], uint8[::1], int64[::1])"
)
def write_rows(
    ids: Integers, data: Bytes, records: Integers, kinds: Integers, standard: Integers,
    markup: Bytes, marks: Integers, boxes: Bytes, box_ends: Integers, shapes: Bytes, shape_ends: Integers,
) -> Bytes:  # fmt: skip
    """Features, k of them.

    ids: int64[k]. data: their records behind one another; records: int64[k], where each begins. kinds: int64[c], of the
    values of a record; standard: of those that stand before the box too, in order. markup: what stands before an id,
    behind it, before and behind each of the c values, before and behind each standard one; marks: where each begins,
    and the end. boxes, shapes: what stands between the standard values and the others, and behind those; box_ends,
    shape_ends: int64[k], where each ends.
    """
    starts, lengths = np.empty(len(kinds), np.int64), np.empty(len(kinds), np.int64)
    values = len(kinds) + len(standard)
    room = 2 * LONGEST_ESCAPE * len(data) + len(boxes) + len(shapes)
    out = np.empty(room + len(ids) * (len(markup) + (values + 1) * LONGEST_VALUE), np.uint8)
    place, box, shape = 0, 0, 0
    for row in range(len(ids)):
        find_values(data, records[row], kinds, starts, lengths)
        place = put(out, place, markup, marks[0], marks[1])
        place = put_integer(out, place, ids[row])
        place = put(out, place, markup, marks[1], marks[2])
        for number in range(len(standard)):
            column, mark = standard[number], 2 + 2 * (len(kinds) + number)
            if lengths[column] != NO_VALUE:
                place = put(out, place, markup, marks[mark], marks[mark + 1])
                place = put_value(out, place, data, starts[column], lengths[column], kinds[column])
                place = put(out, place, markup, marks[mark + 1], marks[mark + 2])
        place = put(out, place, boxes, box, box_ends[row])
        for column in range(len(kinds)):
            mark = 2 + 2 * column
            if lengths[column] != NO_VALUE:
                place = put(out, place, markup, marks[mark], marks[mark + 1])
                place = put_value(out, place, data, starts[column], lengths[column], kinds[column])
                place = put(out, place, markup, marks[mark + 1], marks[mark + 2])
        place = put(out, place, shapes, shape, shape_ends[row])
        box, shape = box_ends[row], shape_ends[row]
    return out[:place]


@compiled("int64(uint8[::1], int64, int64, int64)")
def put_steps(out: Bytes, place: int, steps: int, decimals: int) -> int:
    """A number of `steps` of its last decimal, without zeros at the end but for one behind the point."""
    if steps < 0:
        out[place] = MINUS
        place, steps = place + 1, -steps
    scale = 10**decimals
    place = put_digits(out, place, steps // scale, 1)
    if not steps % scale:
        return put_word(out, place, WITHOUT_DECIMALS)
    out[place] = DOT
    place = put_digits(out, place + 1, steps % scale, decimals)
    while out[place - 1] == ZERO:
        place -= 1
    return place


@compiled("int64(uint8[::1], int64, int64[::1], int64, int64, int64, int64, int64)")
def put_positions(
    out: Bytes, place: int, steps: Integers, start: int, end: int, decimals: int, swap: int, between: int
) -> int:
    """The positions `start` to `end` of `steps`, easting first, with a space between them and `between` their axes."""
    for position in range(start, end):
        if position > start:
            out[place] = SPACE
            place += 1
        place = put_steps(out, place, steps[2 * position + swap], decimals)
        out[place] = between
        place = put_steps(out, place + 1, steps[2 * position + 1 - swap], decimals)
    return place


@compiled("int64(uint8[::1], int64, int64, int64)")
def count_positions(data: Bytes, start: int, end: int, kind: int) -> int:
    """Positions of the geometry at `data[start:end]`; -1 if it is no plain one of that type, or empty."""
    if end - start < HEAD_BYTES + POSITION_BYTES or data[start] != LITTLE_ENDIAN or data[start + 1] != kind:
        return -1
    if data[start + 2] or data[start + 3] or data[start + 4]:
        return -1  # with heights, or of another kind
    return (end - start - (HEAD_BYTES if kind == POINT else LINE_HEAD_BYTES)) // POSITION_BYTES


@compiled("Tuple((int64[::1], int64[::1], float64[::1]))(uint8[::1], int64[::1], int64, int64)")
def read_plain(data: Bytes, ends: Integers, kind: int, decimals: int) -> tuple[Integers, Integers, Floats]:
    """Where plain geometries are, in steps of the last decimal, easting first, and the box around them all.

    data: their WKB behind one another, nothing for one that is missing; ends: int64[k]. kind: POINT or LINE.
    Gives steps int64[2 n], for each geometry the position behind its last, int64[k], and xmin, ymin, xmax, ymax.
    No steps are given if one geometry is empty or not plain, or has a coordinate that is none, or that a float would
    have written with an exponent.
    """
    nothing = np.empty(0, np.int64)
    steps = np.empty(len(data) // AXIS_BYTES, np.int64)
    lasts = np.empty(len(ends), np.int64)
    box = np.array([np.inf, np.inf, -np.inf, -np.inf])
    scale, start, count = 10.0**decimals, 0, 0
    least = 10.0 ** (decimals - 4)
    for row in range(len(ends)):
        end = ends[row]
        positions = count_positions(data, start, end, kind) if end > start else 0
        if positions < 0:
            return nothing, lasts, box
        numbers = data[end - positions * POSITION_BYTES : end].view(np.float64)
        for at in range(2 * positions):
            value = numbers[at]
            box[at % 2], box[2 + at % 2] = min(box[at % 2], value), max(box[2 + at % 2], value)
            rounded = np.rint(value * scale)
            if not abs(rounded) < MOST or 0 < abs(rounded) < least:
                return nothing, lasts, box
            steps[count] = np.int64(rounded)
            count += 1
        lasts[row] = count // 2
        start = end
    return steps[:count], lasts, box


@compiled("Tuple((uint8[::1], int64[::1]))(int64[::1], int64[::1], int64, int64, int64, uint8[::1], int64[::1])")
def write_boxes(
    steps: Integers, lasts: Integers, decimals: int, swap: int, between: int, markup: Bytes, marks: Integers
) -> tuple[Bytes, Integers]:
    """The box of each geometry that has width and height as written, and where each ends.

    steps, lasts: of `read_plain`. swap: 1 where northing stands first. markup: what stands before, between and behind
    the two corners.
    """
    out = np.empty(len(lasts) * (len(markup) + 4 * LONGEST_COORDINATE), np.uint8)
    ends, corners = np.empty(len(lasts), np.int64), np.empty(4, np.int64)
    place, first = 0, 0
    for row in range(len(lasts)):
        if lasts[row] > first:
            corners[:2] = corners[2:] = steps[2 * first : 2 * first + 2]
            for at in range(2 * first, 2 * lasts[row]):
                corners[at % 2] = min(corners[at % 2], steps[at])
                corners[2 + at % 2] = max(corners[2 + at % 2], steps[at])
            if corners[0] < corners[2] and corners[1] < corners[3]:
                place = put(out, place, markup, marks[0], marks[1])
                place = put_positions(out, place, corners, 0, 1, decimals, swap, between)
                place = put(out, place, markup, marks[1], marks[2])
                place = put_positions(out, place, corners, 1, 2, decimals, swap, between)
                place = put(out, place, markup, marks[2], marks[3])
        ends[row], first = place, lasts[row]
    return out[:place], ends


@compiled(
    "Tuple((uint8[::1], int64[::1]))(int64[::1], int64[::1], int64[::1], int64, int64, int64, int64,"
    " uint8[::1], int64[::1])"
)
def write_shapes(
    ids: Integers, steps: Integers, lasts: Integers, decimals: int, swap: int, between: int, has_ids: int,
    markup: Bytes, marks: Integers,
) -> tuple[Bytes, Integers]:  # fmt: skip
    """Each geometry and the end of its feature, and where each ends.

    As `write_boxes`. markup: what stands before the id of a geometry, which is that of its feature, behind it, behind
    the positions, and at the end of a feature.
    """
    out = np.empty(len(lasts) * (len(markup) + LONGEST_VALUE) + len(steps) * LONGEST_COORDINATE, np.uint8)
    ends = np.empty(len(lasts), np.int64)
    place, first = 0, 0
    for row in range(len(lasts)):
        if lasts[row] > first:
            place = put(out, place, markup, marks[0], marks[1])
            if has_ids:
                place = put_integer(out, place, ids[row])
            place = put(out, place, markup, marks[1], marks[2])
            place = put_positions(out, place, steps, first, lasts[row], decimals, swap, between)
            place = put(out, place, markup, marks[2], marks[3])
        place = put(out, place, markup, marks[3], marks[4])
        ends[row], first = place, lasts[row]
    return out[:place], ends
