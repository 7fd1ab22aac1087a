"""Statutory holidays (全国年节及纪念日放假办法), for years whose arrangement is not published yet.

Only the days the law itself gives; which weekends are swapped (调休) is known after publication,
so a deadline that rests on these days is provisional (暂定).
"""

from datetime import date

# The same day every year, by (month, day): 元旦, 劳动节, 国庆节.
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})

# Days that follow the lunar calendar or the solar terms, by year.
MOVING: dict[int, frozenset[date]] = {
    2027: frozenset(
        {
            date(2027, 2, 5),  # 除夕
            date(2027, 2, 6),  # 春节
            date(2027, 2, 7),
            date(2027, 2, 8),
            date(2027, 4, 5),  # 清明
            date(2027, 6, 9),  # 端午
            date(2027, 9, 15),  # 中秋
        }
    ),
}


def is_statutory(day: date) -> bool:
    """Whether the law makes `day` a holiday, as far as that is known here."""
    return (day.month, day.day) in FIXED or day in MOVING.get(day.year, frozenset())
