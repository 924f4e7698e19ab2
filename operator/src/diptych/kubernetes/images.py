"""Which images a version's pods were seen to run: a tag may move between two pulls of it.

The next round is not made by the first one's digest instead: an image that was loaded onto a node
has a digest by which nobody can pull it. So a second one is told.
"""

from collections.abc import Iterable, Iterator, Sequence

from diptych.api.raw import list_at, text_at
from diptych.kubernetes.observed import Looked, Observed

#: Images of a version that are kept, and the characters of each, as the schema allows.
_MAX_IMAGES = 8
_MAX_IMAGE_ID = 1024


#: The images of each version, by its place.
Ran = Sequence[Sequence[str]]


def ran(observed: Observed) -> Ran:
    """Return the versions' images with their digests, each once: as written, then as seen."""
    return [
        list(_by_digest([*_written(observed, ordinal), *_seen(observed, ordinal)]).values())
        for ordinal in range(len(observed.accepted.plan.versions))
    ]


def remarks(observed: Observed, every: Ran) -> list[str]:
    """Return a sentence for each version that ran more than one image."""
    return [
        f"version {version} ran {len(images)} images: {', '.join(images)}; where its tag moved, "
        "name it by a digest"
        for version, images in zip(observed.accepted.plan.versions, every, strict=True)
        if len(images) > 1
    ]


def news(observed: Observed, every: Ran) -> list[str]:
    """Return what is to be told of versions that ran one more image than is written."""
    return [
        f"version {version} ran {image}, and {every[ordinal][0]} too"
        for ordinal, version in enumerate(observed.accepted.plan.versions)
        # The first is none, and the first look may see two of them.
        for image in every[ordinal][max(1, len(_written(observed, ordinal))) :]
    ]


def _written(observed: Observed, ordinal: int) -> list[str]:
    entry = observed.comparison.past.versions.get(observed.accepted.plan.versions[ordinal])
    first = text_at(entry, "imageID")
    others = [each for each in list_at(entry, "otherImageIDs") if isinstance(each, str)]
    return [first, *others] if first else []


def _seen(observed: Observed, ordinal: int) -> Iterator[str]:
    for job in observed.children.trials.get(ordinal, ()):
        for pod in observed.looked.get(job.uid, Looked()).pods:
            if pod.image_id:
                yield pod.image_id[:_MAX_IMAGE_ID]


def _by_digest(images: Iterable[str]) -> dict[str, str]:
    """Return the first image of each digest: the same one may come from two registries."""
    found: dict[str, str] = {}
    for image in images:
        if len(found) < _MAX_IMAGES:
            found.setdefault(image.rpartition("@")[2], image)
    return found
