"""Encryption by the package `cryptography`."""

from __future__ import annotations

from aelus.adapters.cryptography.aes_gcm_cipher import AesGcmCipher

__all__ = ["AesGcmCipher"]
