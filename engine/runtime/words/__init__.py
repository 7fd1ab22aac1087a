"""The words of cases: how texts become words, where they are kept, and what a text that is typed asks for."""
