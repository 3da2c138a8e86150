"""
moto makes up an image's digest, answers 500 for a missing repository, and has one error for every overwritten tag.

AWS's digest is the SHA-256 of the manifest. A missing repository is a RepositoryNotFoundException, another image under
a tag of an immutable repository an ImageTagAlreadyExistsException, the same image once more an
ImageAlreadyExistsException. (Neither here nor there is an image without its layers: here nobody looks for them.)
"""

import hashlib
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ecr.exceptions import ImageAlreadyExistsException, RepositoryNotFoundException
from moto.ecr.models import ECRBackend, Image

from patching import wrap


class ImageTagAlreadyExistsException(ServiceException):
    code = "ImageTagAlreadyExistsException"


# moto finds the protocol of an error by the module that its class is from.
ImageTagAlreadyExistsException.__module__ = ImageAlreadyExistsException.__module__


@wrap(Image, "_create_digest")
def create_digest(_original: Any, self: Image) -> None:
    self._image_digest = f"sha256:{hashlib.sha256(self.image_manifest.encode()).hexdigest()}"


@wrap(ECRBackend, "put_image")
def put_image(
    original: Any, self: ECRBackend, repository_name: str, image_manifest: str, image_tag: str, *args: Any
) -> Image:
    if repository_name not in self.repositories:
        raise RepositoryNotFoundException(repository_name, self.account_id)
    repository = self.repositories[repository_name]
    if image_tag and repository.is_tag_immutable():
        for image in repository.images:
            if image_tag in image.image_tags and image.image_manifest != image_manifest:
                raise ImageTagAlreadyExistsException(
                    f"The image tag '{image_tag}' already exists in the '{repository_name}' repository "
                    "and cannot be overwritten because the tag is immutable."
                )
    return original(self, repository_name, image_manifest, image_tag, *args)
