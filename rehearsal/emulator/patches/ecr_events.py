"""
moto sends no event when an image is pushed or deleted.

AWS sends an `ECR Image Action` for each tag, and for an image without one, with an empty tag. It does so with best
effort only: the control API can lose the next ones.
"""

import json
from typing import Any

from moto.ecr.models import ECRBackend, Image

from bus.publish import new_event, publish
from patching import wrap

# Applied first: an event has the digest, and follows only a push that was taken.
import patches.ecr_images  # noqa: F401  # isort: skip

def _tell(backend: ECRBackend, image: Image, action: str, tag: str | None) -> None:
    manifest = json.loads(image.image_manifest)
    config = manifest.get("config", {}).get("mediaType")
    detail = {
        "result": "SUCCESS",
        "repository-name": image.repository_name,
        "image-digest": image.get_image_digest(),
        "action-type": action,
        "image-tag": tag or "",
        "manifest-media-type": image.image_manifest_media_type,
        "artifact-media-type": manifest.get("artifactType") or config or image.image_manifest_media_type,
    }
    publish(new_event(backend.account_id, backend.region_name, "aws.ecr", "ECR Image Action", [], detail))


@wrap(ECRBackend, "put_image")
def put_image(original: Any, self: ECRBackend, repository_name: str, manifest: str, tag: str, *args: Any) -> Image:
    image = original(self, repository_name, manifest, tag, *args)
    _tell(self, image, "PUSH", tag)
    return image


@wrap(ECRBackend, "batch_delete_image")
def batch_delete_image(original: Any, self: ECRBackend, repository_name: str, *args: Any, **kwargs: Any) -> Any:
    repository = self.repositories.get(repository_name)
    before = [(image, list(image.image_tags) or [None]) for image in repository.images] if repository else []
    answer = original(self, repository_name, *args, **kwargs)
    for image, tags in before:
        # An image that is gone has lost its tags, and an untagged one itself.
        left = image.image_tags if any(image is one for one in repository.images) else []
        untagged = [None] if left is image.image_tags else []
        for tag in tags:
            if tag not in [*left, *untagged]:
                _tell(self, image, "DELETE", tag)
    return answer
