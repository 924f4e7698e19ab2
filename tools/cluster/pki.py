"""Keys, certificates, tokens and kubeconfigs of one cluster, made fresh each time."""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import trustme
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

#: Who the components are to the API server: RBAC's bootstrap roles are bound to these names.
IDENTITIES = {
    "admin": ("admin", "system:masters"),
    "kube-controller-manager": ("system:kube-controller-manager", ""),
    "kube-scheduler": ("system:kube-scheduler", ""),
    "kwok": ("kwok", "system:masters"),
}


@dataclass(frozen=True)
class Pki:
    """A folder of secrets, and who they are for."""

    folder: Path
    tokens: dict[str, str]

    @classmethod
    def make(
        cls, folder: Path, names: Iterable[str], more: dict[str, tuple[str, str]] | None = None
    ) -> "Pki":
        """Make an authority, a certificate for the server's names, a key and a token for each."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.crt")
        server = authority.issue_cert(*names)
        server.cert_chain_pems[0].write_to_path(folder / "server.crt")
        server.private_key_pem.write_to_path(folder / "server.key")
        # The API server shows this one to kubelets.
        client = authority.issue_cert(
            "kube-apiserver",
            common_name="kube-apiserver-kubelet-client",
            organization_name="system:masters",
        )
        client.cert_chain_pems[0].write_to_path(folder / "client.crt")
        client.private_key_pem.write_to_path(folder / "client.key")
        (folder / "service-accounts.key").write_bytes(_rsa_key())
        identities = IDENTITIES | (more or {})
        tokens = {name: secrets.token_hex(16) for name in identities}
        rows = [
            f'{tokens[name]},{user},{user},"{groups}"'
            for name, (user, groups) in identities.items()
        ]
        (folder / "tokens.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        return cls(folder, tokens)

    def kubeconfig(self, name: str, url: str) -> Path:
        """Write and return the kubeconfig of one identity; it needs no other file."""
        path = self.folder / f"{name}.kubeconfig"
        authority = (self.folder / "ca.crt").read_bytes()
        path.write_text(yaml.safe_dump(kubeconfig(url, authority, self.tokens[name])), "utf-8")
        path.chmod(0o600)
        return path


def kubeconfig(url: str, authority: bytes, token: str) -> dict[str, object]:
    """Return a kubeconfig for one server and one token."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "diptych",
        "clusters": [
            {
                "name": "diptych",
                "cluster": {
                    "server": url,
                    "certificate-authority-data": base64.b64encode(authority).decode("ascii"),
                },
            }
        ],
        "users": [{"name": "diptych", "user": {"token": token}}],
        "contexts": [{"name": "diptych", "context": {"cluster": "diptych", "user": "diptych"}}],
    }


def _rsa_key() -> bytes:
    """Return a key that signs service accounts' tokens."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
