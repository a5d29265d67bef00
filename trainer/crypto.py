"""Secrets: field encryption with key ids, blind indexes, password hashes, one-time tokens and codes."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# OWASP's minimum for argon2id: 32 ms here, where the library's default takes 133 ms and 64 MiB a sign-in.
_passwords = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
# Checked when no account matches, so that an unknown name takes as long as a wrong password.
_DUMMY_HASH = _passwords.hash("no account has this password")


# Stands in FIELD_KEYS where the blind-index key is an entry of its own.
INDEX = "index"


@dataclass(frozen=True)
class Keyring:
    """Field keys by id, the newest last: it encrypts, all decrypt. The blind-index key never rotates by itself."""

    keys: dict[str, bytes]
    index_key: bytes

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From `id:base64[,id:base64…]`, each key 32 bytes; without an entry `index` that key follows from the first."""
        keys = {}
        for part in text.split(","):
            key_id, _, encoded = part.strip().partition(":")
            key = base64.b64decode(encoded)
            if not key_id or len(key) != 32 or key_id in keys:
                raise ValueError("FIELD_KEYS wants id:base64 of 32 bytes, comma separated, each id once")
            keys[key_id] = key
        index_key = keys.pop(INDEX, None)
        if not keys:
            raise ValueError("FIELD_KEYS wants at least one key that encrypts")
        first = next(iter(keys.values()))
        return cls(keys, index_key or hmac.new(first, b"blind index", hashlib.sha256).digest())

    @staticmethod
    def generate() -> str:
        return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()

    def spell(self) -> str:
        """As `parse` reads it, the blind-index key written out: it no longer hangs on the first key."""
        every = {INDEX: self.index_key, **self.keys}
        return ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in every.items())

    @property
    def newest(self) -> str:
        """The id of the key that encrypts."""
        return next(reversed(self.keys))

    def with_new_key(self) -> "Keyring":
        """A fresh key behind the others; its id was never used before as long as the newest key stays."""
        number = 1 + max((int(key_id[1:]) for key_id in self.keys if re.fullmatch(r"k\d+", key_id)), default=0)
        return Keyring({**self.keys, f"k{number}": secrets.token_bytes(32)}, self.index_key)

    def without(self, key_id: str) -> "Keyring":
        return Keyring({name: key for name, key in self.keys.items() if name != key_id}, self.index_key)

    def check_values(self) -> dict[str, str]:
        """A value by which a key is known again and from which it cannot be found, for each key by its id."""
        every = {**self.keys, INDEX: self.index_key}
        return {key_id: hmac.new(key, b"key check", hashlib.sha256).hexdigest()[:16] for key_id, key in every.items()}

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
        key_id, key = self.newest, self.keys[self.newest]
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

    def prove(self, label: str, message: str) -> str:
        """80 bits in base32 by which this installation knows again what it said; each `label` has a key of its own."""
        key = hmac.new(self.index_key, f"proofs of {label}".encode(), hashlib.sha256).digest()
        return base64.b32encode(hmac.new(key, message.encode(), hashlib.sha256).digest()[:10]).decode().lower()


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


def new_totp_secret() -> str:
    """160 random bits for an authenticator app, in base32."""
    return pyotp.random_base32()


def totp_address(secret: str, *, account: str, site: str) -> str:
    """What the QR code tells the authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def totp_step(secret: str, code: str, at: datetime) -> int | None:
    """The 30-second step that `code` belongs to: this one, the one before or the one after; None for a wrong code."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    right = [step for step in (now - 1, now, now + 1) if same(totp.generate_otp(step), code)]
    return right[-1] if right else None


def new_recovery_code() -> str:
    """50 random bits to keep on paper, in letters and digits that nobody takes for each other: abcde-fghjk."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"
