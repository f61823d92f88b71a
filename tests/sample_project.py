"""A small project to index, and the means to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": 'def net_price(gross: float) -> float:\n    """Take the tax off a price."""\n    return gross / 1.19\n',
    "shop/cart.py": (
        "from shop.prices import net_price\n\n\nclass Cart:\n    def __init__(self) -> None:\n        self.items = [1.0]\n\n"
        "    def total(self) -> float:\n        return sum(net_price(item) for item in self.items)\n"
    ),
    "shop/checkout.py": (
        "from shop.cart import Cart\nfrom shop.prices import net_price\n\n\ndef pay() -> float:\n    cart = Cart()\n"
        "    return cart.total() + net_price(2.0)\n"
    ),
}


def write_project(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write the files and return the folder."""
    for path, text in (FILES if files is None else files).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return folder
