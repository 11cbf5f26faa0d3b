"""A photograph on its way in: what it is by its first bytes, and a copy that shows it.

The copy is made of the picture's points alone, turned as it was held: the place and the device
stay in the file as it came. HEIC is recognised and not taken: the libraries that read it are under
licences that ask more of those who pass them on. Phones send a JPEG where one is asked for, and a
browser that can show HEIC makes one before anything is sent (web/static/js/photograph.js).
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

#: By which first bytes a form is known; of WebP some more stand further on.
_FIRST: tuple[tuple[bytes, PictureForm], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"RIFF", "webp"),
)
_HEIC = frozenset({b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif"})
#: Points of a picture, of which each takes four bytes while it is read, and the longer side of its
#: copy: small writing on a sheet of A4 stays legible.
POINTS, SIDE = 64_000_000, 3_000
QUALITY = 85
#: Where EXIF says how the camera was held.
_HELD = 0x0112
#: A small file may unpack to very much: one photograph is unpacked at a time.
_unpacking = Lock()


def read(content: bytes) -> ShownPhotograph:
    """The photograph, by its bytes and whatever it is called. Raises Refused for more than
    `LARGEST`, another form, and what cannot be opened."""
    from PIL import Image, ImageOps

    if len(content) > LARGEST:
        raise Refused(
            f"that is {len(content) / 1_000_000:.0f} MB; at most {LARGEST // 1_000_000} MB are "
            "one photograph: take it with a smaller size"
        )
    form = _form(content)
    try:
        with _unpacking, Image.open(BytesIO(content), formats=[form]) as image:
            if image.width * image.height > POINTS:
                raise Image.DecompressionBombError
            image.draft("RGB", (SIDE, SIDE))
            held, plain = _held(image), _plain(image)
        plain.getexif()[_HELD] = held
        copy = BytesIO()
        ImageOps.exif_transpose(plain).save(copy, "JPEG", quality=QUALITY)
    except Image.DecompressionBombError:
        raise Refused("the photograph has too many points: take it with a smaller size") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Refused("the photograph cannot be opened: take it again") from None
    return ShownPhotograph(form, content, copy.getvalue())


def _held(image: "Drawn") -> int:
    """How the camera was held, by EXIF: 1 is upright, and what is told where it cannot be read."""
    try:
        held = image.getexif().get(_HELD)
    except (OSError, ValueError, SyntaxError, TypeError, struct.error):
        held = None
    return held if isinstance(held, int) else 1


def _plain(image: "Drawn") -> "Drawn":
    """The points of a picture as they are shown, and nothing else of it: on white, where the
    picture is transparent."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey, of which the upper 8 are shown
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
            "that is a HEIC photograph, which is not taken: set the camera to JPEG (on an iPhone "
            "Settings, Camera, Formats, Most Compatible) and take it again"
        )
    raise Refused("that is no photograph: a JPEG, PNG or WebP is taken")
