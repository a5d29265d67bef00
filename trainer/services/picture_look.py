"""How a picture looks, in a few hundred bytes: the same one is found again recompressed, resized or a little cropped.

Two screens of one app with other numbers differ in little: 64 bits of a picture drawn small (the usual perceptual hash)
put nearly all of them within six bits of each other. So those 64 bits only say which pictures are worth a closer look;
that one lays them over each other first (a crop shifts everything) and compares 1,024 bits of a cosine transform.
"""

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

# Of 64 bits: the same picture with edges cut off differs in up to 12.
MOST_FROM_FAR = 16
# Of 1,024 bits. Measured on drawn screens: copies differ in 0–48, cropped by 1 % in 74 at most; of 1,980 pairs of other
# figures on the same screen two lay below 73 (docs/architecture.md).
MOST_FROM_NEAR = 72
WIDTH, HEIGHT = 192, 384
POINTS, WAVES = 128, 32
MOST_LAID = 2_000
SHARES = (np.arange(POINTS) + 0.5) / POINTS
COSINES = np.cos(np.pi * SHARES * np.arange(WAVES)[:, None])
# By how much two opposite edges are cut off, negative where they are on the other picture: up to 8 % in steps of half a
# percent, 13 % in all. The first one cuts nothing.
_CUTS = sorted(np.arange(-16, 17) * 0.005, key=abs)
BOXES = np.array([(a, b) for a in _CUTS for b in _CUTS if abs(a) + abs(b) < 0.13])


@dataclass(frozen=True)
class Look:
    """`far`: 16 hexadecimal digits; `near`: the mean brightness of rows and of columns, and the waves, in base 64."""

    far: str
    near: str
    grey: np.ndarray


@dataclass(frozen=True)
class KeptLook:
    """What is known of a picture that came before."""

    id: int
    far: str
    near: str


def look_at(picture: bytes) -> Look:
    """Of a picture that `picture.redraw` drew."""
    with Image.open(io.BytesIO(picture)) as opened:
        plain = opened.convert("L")
    grey = np.asarray(plain.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), dtype=float)
    small = np.asarray(plain.resize((9, 8), Image.Resampling.LANCZOS), dtype=int)
    far = np.packbits(small[:, 1:] > small[:, :-1]).tobytes().hex()
    profiles = [_steady(_sampled(grey.mean(axis), BOXES[0])) for axis in (1, 0)]
    as_bytes = [np.clip(np.round(profile * 300), -127, 127).astype(np.int8).tobytes() for profile in profiles]
    near = b"".join((*as_bytes, np.packbits(_waves(grey, 0, 0)).tobytes()))
    return Look(far, base64.b64encode(near).decode(), grey)


def find_twins(look: Look, kept: Iterable[KeptLook]) -> list[int]:
    """Of the pictures that came before, the newest first, the numbers of those that are this one.

    Laid over each other are the newest `MOST_LAID` that are like it from far; the rest are compared as they are.
    """
    seen = [one for one in kept if (int(one.far, 16) ^ int(look.far, 16)).bit_count() <= MOST_FROM_FAR]
    if not seen:
        return []
    bytes_ = np.frombuffer(b"".join(base64.b64decode(one.near) for one in seen), np.uint8).reshape(len(seen), -1)
    waves = np.unpackbits(bytes_[:, 2 * POINTS :], axis=1).astype(bool)
    distances = (waves != _waves(look.grey, 0, 0)).sum(1)
    rows, columns = (bytes_[:MOST_LAID, part].view(np.int8) for part in (slice(POINTS), slice(POINTS, 2 * POINTS)))
    boxes = list(zip(_best_cuts(look.grey.mean(1), rows), _best_cuts(look.grey.mean(0), columns), strict=True))
    laid = {box: _waves(look.grey, *box) for box in set(boxes)}
    for number, box in enumerate(boxes):
        distances[number] = min(distances[number], (laid[box] != waves[number]).sum())
    return [one.id for one, distance in zip(seen, distances, strict=True) if distance <= MOST_FROM_NEAR]


def _best_cuts(profile: np.ndarray, others: np.ndarray) -> Sequence[int]:
    """For each of the others, by which of BOXES the profile is cut (or they are) so that both lie over each other."""
    lengths = np.linalg.norm(others.astype(float), axis=1, keepdims=True) + 1e-9
    return (_steady(_sampled(profile, BOXES)) @ (others / lengths).T).argmax(0).tolist()


def _sampled(values: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """So many points along the first side, between the cuts of each box; beyond an edge, as at the edge."""
    before, after = boxes[..., :1], boxes[..., 1:]
    where = (before + SHARES * (1 - before - after)) * len(values) - 0.5
    where = np.clip(where, 0, len(values) - 1)
    left = where.astype(int)
    part = (where - left).reshape(*where.shape, *(1,) * (values.ndim - 1))
    return values[left] * (1 - part) + values[np.minimum(left + 1, len(values) - 1)] * part


def _steady(profiles: np.ndarray) -> np.ndarray:
    """Whatever their brightness and contrast."""
    centred = profiles - profiles.mean(-1, keepdims=True)
    return centred / (np.linalg.norm(centred, axis=-1, keepdims=True) + 1e-9)


def _waves(grey: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Signs of the lowest cosine waves of the picture cut by these two of BOXES, against their median."""
    down = COSINES @ _sampled(grey, BOXES[rows])
    found = (COSINES @ _sampled(down.T, BOXES[columns])).T.ravel()
    return found > np.median(found[1:])
