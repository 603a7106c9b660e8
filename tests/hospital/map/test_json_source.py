import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.json_source import decoded, json_format
from wardkeep.hospital.map.reading import UnreadableSourceError


def test_a_format_is_known_by_what_stands_at_the_top() -> None:
    assert json_format(b'\xef\xbb\xbf{"data":[],"meta":{}}', "a") == "bloodhound"
    with pytest.raises(UnreadableSourceError, match="no format that is read"):
        json_format(b'{"colour":"red"}', "a")


@given(st.binary(max_size=60))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    with contextlib.suppress(UnreadableSourceError):
        assert isinstance(decoded(content, int, "a"), int)
