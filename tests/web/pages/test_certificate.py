from __future__ import annotations

import msgspec
import pytest
from litestar.testing import TestClient
from tests.web.handmade import Bench

from wardkeep.web.application import create_app
from wardkeep.web.ports import RootCertificate

ROOT = RootCertificate(b"-----PEM", b"DER", "AB:CD:EF", "crisis.hospital.internal")


@pytest.fixture
def with_root(bench: Bench) -> TestClient:
    deps = msgspec.structs.replace(bench.deps(), root_certificate=ROOT)
    return TestClient(create_app(deps), base_url="http://127.0.0.1")


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_whoever_reaches_the_web_reads_how_a_pc_comes_to_trust_it(
    language: str, with_root: TestClient
) -> None:
    with with_root as client:
        page = client.get(f"/certificate?lang={language}").text
        for said in ("AB:CD:EF", "certutil", "update-ca-certificates", "policies.json"):
            assert said in page
        assert "crisis.hospital.internal" in page


def test_the_root_is_handed_out_in_both_forms(with_root: TestClient) -> None:
    with with_root as client:
        pem = client.get("/certificate/wardkeep-root.pem")
        der = client.get("/certificate/wardkeep-root.crt")
    assert (pem.content, der.content) == (b"-----PEM", b"DER")
    assert 'filename="wardkeep-root.crt"' in der.headers["content-disposition"]


def test_without_an_authority_it_is_said_who_makes_one(anonymous: TestClient) -> None:
    assert "wardkeep ca make" in anonymous.get("/certificate").text
    assert anonymous.get("/certificate/wardkeep-root.pem").status_code == 404
