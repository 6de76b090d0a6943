"""JSON as Postgres stores it, which knows numbers that Python refuses to read: whole ones of thousands of digits."""

import json
from typing import Any


class Decoder(json.JSONDecoder):
    """Such a number comes as the text of its digits; all else as usual, and as fast."""

    def decode(self, text: str, *args: Any) -> Any:
        try:
            return super().decode(text, *args)
        except ValueError:
            return json.loads(text, parse_int=_whole)


def loads(text: str) -> Any:
    return _DECODER.decode(text)


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # sys.get_int_max_str_digits
        return digits


_DECODER = Decoder()
