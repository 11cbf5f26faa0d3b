"""Read a photograph: recognise its format by its first bytes, and make a copy that can be shown.

The copy has only the pixels, turned upright: the place and the device are only in the original
file. HEIC is recognised and refused, because the licences of the libraries that read it put
conditions on distribution. Phones send a JPEG if one is requested, and a browser that can show HEIC
converts it before sending (web/static/js/photograph.js).
"""

import struct
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from commands.information.photograph import LARGEST, ShownPhotograph
from domain.information.observation import PictureForm
from domain.kernel.values import Refused

if TYPE_CHECKING:
    from PIL.Image import Image as Drawn

#: The first bytes of each picture format. (A WebP file must also have "WEBP" as its bytes 8 to 11.)
_FIRST: tuple[tuple[bytes, PictureForm], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"RIFF", "webp"),
)
_HEIC = frozenset({b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif"})
#: `POINTS`: the largest number of pixels of a picture; each takes four bytes of memory. `SIDE`: the
#: length in pixels of the longer side of the copy, in which small writing on a sheet of A4 is still
#: legible.
POINTS, SIDE = 64_000_000, 3_000
QUALITY = 85
#: The number of the EXIF tag with the camera's orientation.
_HELD = 0x0112
#: Only one photograph is unpacked at a time, because a small file may unpack to very much.
_unpacking = Lock()


def read(content: bytes) -> ShownPhotograph:
    """Return the photograph in these bytes, with a copy that can be shown. Its format is recognised
    by the bytes and not by a file name. Raises Refused if there are more bytes than `LARGEST`, if
    the format is not supported, or if the photograph cannot be opened.
    """
    from PIL import Image, ImageOps

    if len(content) > LARGEST:
        raise Refused(
            f"the photograph has {len(content) / 1000000:.0f} MB, and at most "
            f"{LARGEST // 1000000} MB are allowed: take it with a smaller size"
        )
    form = _form(content)
    try:
        with _unpacking, Image.open(BytesIO(content), formats=[form]) as image:
            if image.width * image.height > POINTS:
                raise Image.DecompressionBombError
            image.draft("RGB", (SIDE, SIDE))
            orientation, plain = _orientation(image), _plain(image)
        plain.getexif()[_HELD] = orientation
        copy = BytesIO()
        ImageOps.exif_transpose(plain).save(copy, "JPEG", quality=QUALITY)
    except Image.DecompressionBombError:
        raise Refused("the photograph has too many pixels: take it with a smaller size") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Refused("the photograph cannot be opened: take it again") from None
    return ShownPhotograph(form, content, copy.getvalue())


def _orientation(image: "Drawn") -> int:
    """Return the orientation of the camera from the EXIF data: 1 is upright, also if there is
    none."""
    try:
        orientation = image.getexif().get(_HELD)
    except (OSError, ValueError, SyntaxError, TypeError, struct.error):
        orientation = None
    return orientation if isinstance(orientation, int) else 1


def _plain(image: "Drawn") -> "Drawn":
    """Return the visible pixels of a picture without metadata, shrunk to at most `SIDE` pixels a
    side. A transparent picture is put on white."""
    from PIL import Image

    # of a picture with 16 bits of grey, only the upper 8 bits are shown
    if image.mode.startswith("I"):
        image = image.point(lambda grey: grey / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    image.thumbnail((SIDE, SIDE))
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image if mode == "RGBA" else None)
    return white


def _form(content: bytes) -> PictureForm:
    for first, form in _FIRST:
        if content.startswith(first) and (form != "webp" or content[8:12] == b"WEBP"):
            return form
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise Refused(
            "this is a HEIC photograph, which is not accepted: set the camera to JPEG "
            "(on an iPhone Settings, Camera, Formats, Most Compatible) and take it again"
        )
    raise Refused("this is not a photograph: give a JPEG, PNG or WebP")
