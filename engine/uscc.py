"""The unified social credit code (统一社会信用代码) of GB 32100-2015, and the organisation code inside it.

A leaf: it knows how a code is built and checked, not whether the enterprise exists. The two check
characters are independent; a code passes only when both agree.
"""

import unicodedata

from engine import errors

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z: they are mistaken for digits
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^(i-1) mod 31

_ORGANISATION_VALUE = {c: v for v, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0123456789X0"  # by 11 - sum mod 11; 10 is X and 11 is 0

errors.teach(
    {
        "uscc.length": (
            "统一社会信用代码应为 18 位，现在是 {length} 位。请对照营业执照补全或删去多余的字符。",
            "The credit code must have 18 characters, this one has {length}. Compare it with the licence.",
        ),
        "uscc.characters": (
            "第 {position} 位“{character}”不能出现在统一社会信用代码的这个位置"
            "（代码不用字母 I、O、S、V、Z，第 3 至 8 位是数字）。请对照营业执照改正。",
            "Character {position}, “{character}”, cannot stand there in a credit code (the letters I, O, S, "
            "V and Z are not used; characters 3 to 8 are digits). Compare it with the licence.",
        ),
        "uscc.organisation": (
            "统一社会信用代码第 9 至 17 位（组织机构代码）校验不符，请逐位对照营业执照核对。",
            "Characters 9 to 17 of the credit code (the organisation code) fail their check. "
            "Compare them with the licence one by one.",
        ),
        "uscc.check": (
            "统一社会信用代码的校验位不符，通常是某一位输错了。请逐位对照营业执照核对。",
            "The check character of the credit code does not match; usually one character is mistyped. "
            "Compare the code with the licence one by one.",
        ),
    }
)


def normalise(text: str) -> str:
    """`text` as a code is written: half-width, upper case, without spaces and hyphens."""
    halfwidth = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in halfwidth if not (character.isspace() or character == "-"))


def problem(text: str) -> errors.Problem | None:
    """What is wrong with a credit code, or None. `text` may be written loosely (see `normalise`)."""
    code = normalise(text)
    if len(code) != 18:
        return errors.Problem("uscc.length", facts={"length": len(code)})
    for position, character in enumerate(code, start=1):
        if character not in _VALUE or (3 <= position <= 8 and character not in "0123456789"):
            return errors.Problem("uscc.characters", facts={"position": position, "character": character})
    if organisation_check(code[8:16]) != code[16]:
        return errors.Problem("uscc.organisation")
    if check_character(code[:17]) != code[17]:
        return errors.Problem("uscc.check")
    return None


def is_valid(text: str) -> bool:
    """Whether `text` is a well-formed credit code whose two check characters agree."""
    return problem(text) is None


def check_character(first: str) -> str:
    """The 18th character for the `first` 17 (GB 32100). A remainder of 0 gives 0, not 31."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(first: str) -> str:
    """The ninth character of an organisation code for its `first` eight (GB 11714)."""
    pairs = zip(first, _ORGANISATION_WEIGHTS, strict=True)
    total = sum(_ORGANISATION_VALUE[character] * weight for character, weight in pairs)
    return _ORGANISATION_CHECKS[11 - total % 11]
