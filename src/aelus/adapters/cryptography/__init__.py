"""Encryption by the package `cryptography`."""

from __future__ import annotations

from aelus.adapters.cryptography.aes_gcm_cipher import AesGcmCipher
from aelus.adapters.cryptography.hmac_digest import HmacDigest

__all__ = ["AesGcmCipher", "HmacDigest"]
