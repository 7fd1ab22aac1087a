"""Checks of what identifies people in China: telephone numbers and resident identity numbers. And e-mail.

Each function returns the value in its one clean spelling, or None. Whether the person exists is
nobody's knowledge here.
"""

import re
import unicodedata
from datetime import date

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FIXED = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([2-8][0-9]{6,7})(?:(?:-|转|x|#|\()([0-9]{1,6})\)?)?")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{6,14}")
_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9X]")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@.<>()\[\],;:\\\"]+(\.[^\s@.<>()\[\],;:\\\"]+)+")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # 2^(18-i) mod 11, GB 11643
_CHECKS = "10X98765432"


def plain(text: str) -> str:
    """`text` in half-width characters, without spaces and invisible marks."""
    halfwidth = unicodedata.normalize("NFKC", text)
    return "".join(c for c in halfwidth if not c.isspace() and unicodedata.category(c) != "Cf")


def phone(text: str, *, mobile: bool = False) -> str | None:
    """A mobile, a fixed line with its area code (`0763-3361234-801`), 400/800, or one abroad (`+852…`)."""
    number = plain(text)
    for prefix in ("+86", "0086"):
        number = number.removeprefix(prefix).lstrip("-") if number.startswith(prefix) else number
    digits = number.replace("-", "")
    if _MOBILE.fullmatch(digits):
        return digits
    if mobile:
        return None
    if _SERVICE.fullmatch(digits) or _ABROAD.fullmatch(digits):
        return digits
    fixed = _FIXED.fullmatch(number)
    return "-".join(part for part in fixed.groups() if part) if fixed else None


def identity(text: str) -> str | None:
    """A resident identity number of 18 characters whose birthday exists and whose check agrees."""
    number = plain(text).upper()
    if not _IDENTITY.fullmatch(number):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return number if born.year >= 1900 and _CHECKS[total % 11] == number[17] else None


def email(text: str) -> str | None:
    """An address that looks like one; only a letter to it could tell more."""
    address = plain(text)
    return address if len(address) <= 254 and _EMAIL.fullmatch(address) else None
