"""Secrets: field encryption with key ids, blind indexes, password hashes, one-time tokens."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# OWASP's minimum for argon2id: 32 ms here, where the library's default takes 133 ms and 64 MiB a sign-in.
_passwords = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
# Checked when no account matches, so that an unknown name takes as long as a wrong password.
_DUMMY_HASH = _passwords.hash("no account has this password")


@dataclass(frozen=True)
class Keyring:
    """Field keys by id, the newest last: it encrypts, all decrypt. The blind-index key never rotates by itself."""

    keys: dict[str, bytes]
    index_key: bytes

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From `id:base64[,id:base64…]`, each key 32 bytes."""
        keys = {}
        for part in text.split(","):
            key_id, _, encoded = part.strip().partition(":")
            key = base64.b64decode(encoded)
            if not key_id or len(key) != 32:
                raise ValueError("FIELD_KEYS wants id:base64 of 32 bytes, comma separated")
            keys[key_id] = key
        first = next(iter(keys.values()))
        return cls(keys, hmac.new(first, b"blind index", hashlib.sha256).digest())

    @staticmethod
    def generate() -> str:
        return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()

    def encrypt(self, text: str) -> str:
        """AES-256-GCM with a fresh nonce: the same text twice gives two ciphertexts."""
        key_id, nonce, sealed = self._seal(text.encode())
        return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def encrypt_bytes(self, content: bytes) -> bytes:
        """A file's content; the id of its key stands before the first newline."""
        key_id, nonce, sealed = self._seal(content)
        return key_id.encode() + b"\n" + nonce + sealed

    def decrypt_bytes(self, sealed: bytes) -> bytes:
        """Raises as `decrypt` does."""
        key_id, _, rest = sealed.partition(b"\n")
        return AESGCM(self.keys[key_id.decode()]).decrypt(rest[:12], rest[12:], key_id)

    def _seal(self, content: bytes) -> tuple[str, bytes, bytes]:
        key_id, key = list(self.keys.items())[-1]
        nonce = secrets.token_bytes(12)
        return key_id, nonce, AESGCM(key).encrypt(nonce, content, key_id.encode())

    def decrypt(self, token: str) -> str:
        """Raises KeyError for an unknown key id, cryptography's InvalidTag for a wrong key or an altered value."""
        key_id, _, encoded = token.partition(":")
        sealed = base64.b64decode(encoded)
        return AESGCM(self.keys[key_id]).decrypt(sealed[:12], sealed[12:], key_id.encode()).decode()

    def blind_index(self, kind: str, value: str) -> str:
        """A keyed hash to look an encrypted value up by; `kind` keeps a phone from matching an ID number."""
        return hmac.new(self.index_key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


_keyring: Keyring | None = None


def configure(keyring: Keyring) -> None:
    """Set the process's keys; called once by the roof."""
    global _keyring
    _keyring = keyring


def keyring() -> Keyring:
    if _keyring is None:
        raise RuntimeError("crypto.configure has not been called")
    return _keyring


def hash_password(password: str) -> str:
    return _passwords.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """True where the password is right; takes the same time where there is no stored hash."""
    try:
        return _passwords.verify(stored or _DUMMY_HASH, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """256 random bits for a link or a cookie."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six random digits to read aloud."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_token(token: str) -> str:
    """How a random token is stored: it has entropy enough for a plain SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
