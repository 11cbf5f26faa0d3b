"""A function that makes a photograph with a camera's metadata."""

from io import BytesIO

from PIL import Image

MAKE, MODEL, TURNED, PLACE, LATITUDE = 0x010F, 0x0110, 0x0112, 0x8825, 2


def photo(form: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """Return the bytes of a photograph with a camera's metadata: rotation, device and place."""
    image, told, file = Image.new("RGB", size, "white"), Image.Exif(), BytesIO()
    told[MAKE], told[MODEL], told[TURNED] = "CANARYMAKE", "CANARYPHONE", 6
    told.get_ifd(PLACE)[LATITUDE] = (51.0, 30.0, 0.0)
    image.save(file, form, exif=told)
    return file.getvalue()
