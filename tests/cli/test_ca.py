"""The box serves HTTPS by its own certificates; feeds show theirs; a stranger's is refused."""

import json
import re
import socket
import ssl
from pathlib import Path

import httpx
from tests.stories.site_server import END, PATIENCE_SECONDS, VT, SiteServer, message, wardkeep


def answer(port: int, context: ssl.SSLContext, body: bytes) -> bytes:
    """What a sender hears; nothing where it is refused."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    try:
        with context.wrap_socket(raw, server_hostname="localhost") as line:
            line.sendall(VT + body + END)
            return line.recv(65536)
    except (ssl.SSLError, ConnectionError):
        return b""


def site_with_certificates(folder: Path, sender: Path) -> str:
    """Make the authority, a feed's certificate and the settings; return the root's sum."""
    name = ("--name", "localhost", "--address", "127.0.0.1")
    made = json.loads(wardkeep("ca", "make", folder, *name, "--json"))
    wardkeep("ca", "issue", folder, "--feed", "main", "--out", sender)
    settings = folder / "wardkeep.toml"
    web = 'web_certificate = "keys/tls.crt"\nweb_key = "keys/tls.key"\n'
    tls = 'tls_certificate = "keys/tls.crt"\ntls_key = "keys/tls.key"\n'
    tls += 'tls_client_ca = "ca/root.crt"\ntls_client_names = ["DNS:main.feeds.localhost"]\n'
    text = settings.read_text().replace("[rules]", f"{web}\n[rules]", 1)
    settings.write_text(text.replace('name = "main"\n', f'name = "main"\n{tls}', 1))
    return str(made["root"]["fingerprint"])


def test_from_init_to_https_and_a_feed_with_its_own_certificate(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    sender = tmp_path / "adt.pem"
    fingerprint = site_with_certificates(server.folder, sender)
    server.start()
    try:
        root = server.folder / "ca" / "root.crt"
        trust = ssl.create_default_context(cafile=str(root))
        address = f"https://localhost:{server.web_port}"
        with httpx.Client(
            base_url=address, verify=trust, trust_env=False, timeout=PATIENCE_SECONDS
        ) as client:
            page = client.get("/certificate").text
            assert fingerprint in page
            pem = client.get("/certificate/wardkeep-root.pem")
            assert pem.content == root.read_bytes()
            der = client.get("/certificate/wardkeep-root.crt").content
            assert ssl.DER_cert_to_PEM_cert(der).encode() == root.read_bytes()
        trust.load_cert_chain(sender)
        assert b"MSA|AA" in answer(server.mllp_port, trust, message(1))
        bare = ssl.create_default_context(cafile=str(root))
        assert answer(server.mllp_port, bare, message(2)) == b""
    finally:
        server.kill()
    shown = wardkeep("ca", "show", server.folder)
    assert re.search("good for 39[56] days", shown)
    found = json.loads(wardkeep("check", server.folder, "--json"))["findings"]
    assert any("own certificate is good for" in each["text"] for each in found)
