"""The shapes of bodies, queries and answers: marshmallow schemas that check, write and describe them."""
