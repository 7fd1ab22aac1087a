"""What is searched of each case: its text as it was written, and the index of the words in it."""

import sqlalchemy as sa

from engine.database import metadata
from engine.database.words import create_beside, word_index

case_words = sa.Table(
    "case_words",
    metadata,
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),  # grows with time
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),  # a field a line; words of two lines are no phrase
)
renamed = sa.Table(  # enterprises with another name than some of their cases are found by
    "case_words_behind",
    metadata,
    sa.Column("enterprise", sa.String(18), primary_key=True),
    sa.Column("below", sa.String(32), nullable=False),  # cases with a smaller id are still behind
)
INDEX = "case_index"
case_index = word_index(INDEX)  # its rowid is the n of case_words
create_beside(INDEX, case_words, "n")
