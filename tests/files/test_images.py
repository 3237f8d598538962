"""Images are opened in a child: what cameras make is taken, and nothing that is handed in hurts the server."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.errors import Unavailable
from backend.files import decoding, images
from backend.files.images import ImageRefused, Opened
from tests.pictures import DAMAGED, GOOD, NOT_TAKEN, SAMPLES, SIDEWAYS, TOO_LARGE, drawn, heic, noisy, two_in_one

TAKEN = {
    "JPEG": (drawn("JPEG"), "image/jpeg"),
    "progressive JPEG": (noisy((900, 700), progressive=True), "image/jpeg"),
    "grey JPEG": (drawn("JPEG", mode="L"), "image/jpeg"),
    "four-colour JPEG": (drawn("JPEG", mode="CMYK"), "image/jpeg"),
    "two pictures in one JPEG": (two_in_one(), "image/jpeg"),
    "JPEG with a film behind it": (GOOD + b"\x00\x00\x00\x18ftypmp42" + bytes(500), "image/jpeg"),
    "PNG": (drawn("PNG"), "image/png"),
    "PNG with holes": (drawn("PNG", mode="RGBA"), "image/png"),
    "grey PNG with holes": (drawn("PNG", mode="LA"), "image/png"),
    "PNG with a palette": (drawn("PNG", mode="P"), "image/png"),
    "PNG of 16 bits": (drawn("PNG", mode="I;16"), "image/png"),
    "black and white PNG": (drawn("PNG", mode="1"), "image/png"),
    "WebP": (drawn("WEBP"), "image/webp"),
    "WebP with holes": (drawn("WEBP", mode="RGBA"), "image/webp"),
    "film in WebP": (drawn("WEBP", save_all=True, append_images=[Image.new("RGB", (64, 48))] * 9), "image/webp"),
    "HEIC": (heic(), "image/heic"),
    "one pixel": (drawn("PNG", (1, 1)), "image/png"),
    "a very long strip": (drawn("PNG", (20_000, 2)), "image/png"),
}


@pytest.fixture
def look(tmp_path: Path):
    """Open bytes as an upload is opened."""

    def opened(data: bytes) -> Opened:
        path = tmp_path / "image"
        path.write_bytes(data)
        return images.opened(path)

    return opened


def shown(opened: Opened, size: str) -> Image.Image:
    image = Image.open(io.BytesIO(opened.views[size]))
    image.load()
    return image


@pytest.mark.parametrize("kind", TAKEN)
def test_what_phones_and_cameras_write_is_taken_and_shown(look, kind):
    data, media_type = TAKEN[kind]
    opened = look(data)
    assert opened.media_type == media_type
    assert set(opened.views) == set(images.SIZES)
    for size, side in decoding.VIEWS.items():
        view = shown(opened, size)
        assert (view.format, view.mode) == ("JPEG", "RGB")
        assert max(view.size) <= side


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_taken(look, path):
    opened = look(path.read_bytes())
    assert {opened.width, opened.height} == {640, 480}
    assert opened.taken_at is not None


def test_a_camera_held_sideways_is_shown_upright(look):
    assert (look(SIDEWAYS).width, shown(look(SIDEWAYS), "view").size) == (640, (480, 640))


def brightness(image: Image.Image, x: int, y: int) -> int:
    """Of one pixel of a grey picture."""
    return image.tobytes()[y * image.width + x]


@pytest.mark.parametrize("orientation", range(10))
def test_every_way_of_holding_a_camera_is_turned_upright(look, orientation):
    dark_corner = Image.new("L", (60, 40), 250)
    dark_corner.paste(5, (0, 0, 30, 20))
    turned_back = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(orientation)
    as_seen = dark_corner.transpose(decoding.UPRIGHT[turned_back]) if turned_back else dark_corner
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    as_seen.save(out, "PNG", exif=exif)
    view = shown(look(out.getvalue()), "view").convert("L")
    assert view.size == (60, 40)
    assert brightness(view, 5, 5) < 50 < 200 < brightness(view, 50, 30)


def test_16_bits_a_pixel_keep_their_brightness(look):
    out = io.BytesIO()
    Image.new("I;16", (40, 40), 128 * 256).save(out, "PNG")
    assert 120 <= brightness(shown(look(out.getvalue()), "view").convert("L"), 20, 20) <= 136


def test_views_tell_nothing_but_the_picture(look):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    telling = noisy(
        (500, 400),
        exif=exif,
        comment=b"SECRET-COMMENT",
        xmp=b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>",
        icc_profile=b"SECRET-PROFILE" * 20,
    )
    for data in (telling, GOOD):
        for view in look(data).views.values():
            assert b"SECRET" not in view
            assert b"Exif" not in view
            assert not Image.open(io.BytesIO(view)).getexif()


def test_broken_exif_refuses_no_photo(look):
    for piece in (
        b"Exif\x00\x00MM\x00*\xff\xff\xff\xff",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + b"\xff" * 60,
    ):
        assert look(noisy((100, 100), exif=piece)).taken_at is None


@pytest.mark.parametrize(
    ("written", "offset", "told"),
    [
        ("2025:07:02 08:10:00", "+08:00", "2025-07-02T08:10:00+08:00"),
        ("2025:07:02 08:10:00", "", "2025-07-02T08:10:00"),
        ("2025:07:02 08:10:00\0", "   :  ", "2025-07-02T08:10:00"),
        ("0000:00:00 00:00:00", "", None),
        ("yesterday", "+08:00", None),
    ],
)
def test_the_time_of_the_camera_is_told_as_it_was_written(look, written, offset, told):
    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    details[0x9003] = written
    if offset:
        details[0x9011] = offset
    assert look(noisy((50, 50), exif=exif)).taken_at == told


@pytest.mark.parametrize(
    ("why", "data"),
    [
        *(pytest.param("not_an_image", data, id=name) for name, data in NOT_TAKEN.items()),
        *(pytest.param("damaged", data, id=name) for name, data in DAMAGED.items()),
        *(pytest.param("too_many_pixels", data, id=name) for name, data in TOO_LARGE.items()),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(look, why, data):
    with pytest.raises(ImageRefused) as refused:
        look(data)
    assert refused.value.why == why


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_photo_that_came_in_part_is_never_taken(look, kept):
    for data in (noisy((800, 600)), noisy((400, 300), "PNG"), noisy((400, 300), "WEBP")):
        with pytest.raises(ImageRefused, match="damaged"):
            look(data[: int(len(data) * kept)])


@given(st.binary(max_size=200), st.integers(0, len(GOOD) - 1))
def test_no_bytes_break_the_answer(noise, place):
    for data in (
        noise,
        GOOD[:place] + noise + GOOD[place + len(noise) :],
        b"RIFF" + noise,
        b"\x89PNG\r\n\x1a\n" + noise,
    ):
        answer, views = decoding.judged(io.BytesIO(data))
        assert answer.get("refused") in (None, "not_an_image", "damaged", "too_many_pixels")
        assert len(views) == (0 if "refused" in answer else len(images.SIZES))


def test_forty_million_pixels_are_opened_within_the_limits(look):
    opened = look(drawn("PNG", (8000, 5000), "RGBA", compress_level=1))
    assert (opened.width, opened.height) == (8000, 5000)


def test_an_image_that_needs_more_memory_than_is_given_is_refused_by_the_child_itself():
    little = f"""
import resource, sys
sys.path.insert(0, {str(Path(decoding.__file__).parents[2])!r})
from backend.files import decoding
decoding.LIMITS[resource.RLIMIT_AS] = ({200 * 1024 * 1024},) * 2
decoding.main()
"""
    large = drawn("PNG", (8000, 5000), compress_level=1)
    ran = subprocess.run([sys.executable, "-c", little], input=large, capture_output=True, check=True)
    assert ran.stdout.strip() == b'{"refused": "too_many_pixels"}'


CHILDREN = {
    "import os; os.abort()": ImageRefused,
    "import ctypes; ctypes.string_at(0)": ImageRefused,
    "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)": ImageRefused,
    "print('nonsense')": ImageRefused,
    "import sys\nwhile True: sys.stdout.write('x' * 1_000_000)": ImageRefused,
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": Unavailable,
    "import os, signal; os.kill(os.getpid(), signal.SIGTERM)": Unavailable,
    "import nothing_that_is_installed": Unavailable,
}


@pytest.mark.parametrize("program", CHILDREN)
def test_a_child_that_breaks_is_told_from_one_that_was_ended(look, tmp_path, monkeypatch, program):
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(images, "CHILD", child)
    with pytest.raises(CHILDREN[program]):
        look(GOOD)


def test_a_child_that_never_answers_is_ended(look, tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text("import signal; signal.pause()")
    monkeypatch.setattr(images, "CHILD", child)
    monkeypatch.setattr(images, "PATIENCE_S", 0.2)
    with pytest.raises(Unavailable):
        look(GOOD)


def test_a_machine_without_room_for_a_child_says_try_again(look, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(Unavailable):
        look(GOOD)


def test_turns_are_given_back_whatever_happens(look):
    for _ in range(6):
        with pytest.raises(ImageRefused):
            look(b"no photo")
    assert look(GOOD).width == 640


def test_the_child_knows_none_of_our_secrets(look, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    child, told = tmp_path / "child.py", tmp_path / "told"
    child.write_text(f"import os; open({str(told)!r}, 'w').write(repr(dict(os.environ)))")
    monkeypatch.setattr(images, "CHILD", child)
    with pytest.raises(ImageRefused):
        look(GOOD)
    assert "AWS" not in told.read_text()
    assert "PATH" in told.read_text()


def test_the_child_is_limited_in_memory_time_and_files():
    assert decoding.LIMITS[resource.RLIMIT_AS][0] <= 1024**3
    assert decoding.LIMITS[resource.RLIMIT_CPU][0] < images.PATIENCE_S
    assert decoding.LIMITS[resource.RLIMIT_FSIZE] == (0, 0)
    assert set(decoding.VIEWS) == set(images.SIZES)
    assert os.access(images.CHILD, os.R_OK)
