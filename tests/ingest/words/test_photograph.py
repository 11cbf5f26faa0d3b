"""The program recognises a photograph of a paper log by its bytes; the stored copy contains neither
the place nor the device.
"""

from io import BytesIO

import pytest
from PIL import Image

from commands.information.photograph import LARGEST
from domain.kernel.values import Refused
from ingest.words import photograph
from tests.support.ingest.photograph import MODEL, photo


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_copy_is_upright_and_tells_neither_place_nor_device(form: str) -> None:
    came = photo(form)
    assert b"CANARYPHONE" in came
    read = photograph.read(came)
    assert (read.form, read.content) == (form.lower(), came)
    with Image.open(BytesIO(read.shown)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (48, 64))
        assert dict(shown.getexif()) == {}
    assert b"CANARY" not in read.shown
    assert b"Exif" not in read.shown


def test_a_large_one_is_shown_smaller() -> None:
    read = photograph.read(photo(size=(4_000, 40)))
    with Image.open(BytesIO(read.shown)) as shown:
        assert shown.size == (30, 3_000)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "this is not a photograph"),
        (b"GIF89a" + bytes(20), "this is not a photograph"),
        (b"<svg onload='alert(1)'/>", "this is not a photograph"),
        (b"RIFF\0\0\0\0WAVEfmt ", "this is not a photograph"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "Most Compatible"),
        (b"\xff\xd8\xff" + bytes(200), "cannot be opened"),
        (photo()[:-300], "cannot be opened"),
        (photo("PNG")[:60], "cannot be opened"),
        (b"\xff\xd8\xff" + bytes(LARGEST), "at most 15 MB"),
    ],
)
def test_what_is_no_photograph_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        photograph.read(content)


def test_a_small_file_of_very_many_points_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photograph, "POINTS", 1_000)
    with pytest.raises(Refused, match="too many pixels"):
        photograph.read(photo())


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_a_transparent_picture_is_shown_on_white(mode: str) -> None:
    """A transparent picture, as scanning apps save it, is converted to a white background, on which
    its black letters can be read.
    """
    file = BytesIO()
    Image.new(mode, (64, 48)).save(file, "PNG")
    with Image.open(BytesIO(photograph.read(file.getvalue()).shown)) as shown:
        assert shown.getpixel((0, 0)) == (255, 255, 255)


def test_a_scan_in_16_bits_of_grey_is_shown_grey() -> None:
    file = BytesIO()
    Image.new("I;16", (64, 48), 0x8000).save(file, "PNG")
    with Image.open(BytesIO(photograph.read(file.getvalue()).shown)) as shown:
        assert shown.getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_one_whose_camera_told_nonsense_is_taken_all_the_same(form: str) -> None:
    """A photograph with invalid camera data is accepted, for example with a number as the device's
    name.
    """
    came = photo(form)
    device = came.index(MODEL.to_bytes(2, "big") + b"\0\2")
    wrong = came[: device + 2] + b"\0\4" + came[device + 4 :]
    with Image.open(BytesIO(photograph.read(wrong).shown)) as shown:
        assert shown.size == (48, 64)
