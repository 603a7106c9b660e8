"""The list of everything in a bundle (SBOM), in CycloneDX 1.6 JSON.

The same bundle gives the same list, byte for byte: serial number and time come from what it
holds.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from wardkeep.adapters.debian_packages import DebianPackage
from wardkeep.adapters.wheel_house import Wheel, sha256_of
from wardkeep.app.release import Release

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:wardkeep:bundle")


def parts_list(
    release: Release,
    wheels: Sequence[Wheel],
    packages: Sequence[DebianPackage],
    distribution: str,
) -> str:
    """Return the list as JSON text; `distribution` is Debian's code name, "bookworm"."""
    main = Component(
        name="wardkeep",
        version=release.name,
        type=ComponentType.APPLICATION,
        bom_ref="wardkeep",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    parts = [*_wheels(wheels), *(_package(each, distribution) for each in packages)]
    bom = Bom(
        components=parts,
        serial_number=uuid.uuid5(_NAMESPACE, "\n".join(str(each.bom_ref) for each in parts)),
        metadata=BomMetaData(
            component=main, timestamp=dt.datetime.fromtimestamp(release.made, dt.UTC)
        ),
    )
    bom.register_dependency(main, parts)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _wheels(wheels: Sequence[Wheel]) -> Iterable[Component]:
    for each in wheels:
        url = PackageURL("pypi", None, each.name, each.version, {"file_name": each.path.name})
        yield Component(
            name=each.name,
            version=each.version,
            bom_ref=url.to_string(),
            purl=url,
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256_of(each.path))],
            licenses=_licences([each.licence]),
        )


def _package(each: DebianPackage, distribution: str) -> Component:
    about = {"arch": each.architecture, "distro": distribution}
    url = PackageURL("deb", "debian", each.name, each.version, about)
    return Component(
        name=each.name,
        version=each.version,
        bom_ref=url.to_string(),
        purl=url,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256_of(each.path))],
        licenses=_licences(each.licences),
    )


def _licences(told: Iterable[str]) -> list:  # type: ignore[type-arg]
    # Many licences of Debian's are named, not SPDX expressions: CycloneDX allows many names or
    # one expression.
    factory = LicenseFactory()
    named = [text for text in told if text]
    if len(named) == 1:
        return [factory.make_from_string(named[0])]
    return [factory.make_with_name(text) for text in named]
