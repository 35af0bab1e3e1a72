"""Whether a public key is a point that proves anything, found without loading `cryptography`."""

# SEC 2, version 2, section 2.4.2: y^2 = x^3 - 3x + b modulo p.
_P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

# RFC 8032, section 5.1: -x^2 + y^2 = 1 + d x^2 y^2 modulo p.
_ED25519 = 2**255 - 19
_ED25519_D = -121665 * pow(121666, -1, _ED25519) % _ED25519


def usable_p256(material: bytes) -> bool:
    """Whether x || y, 32 big-endian bytes each, is a point of P-256."""
    x, y = int.from_bytes(material[:32]), int.from_bytes(material[32:])
    return x < _P256 and y < _P256 and (y * y - (x * x * x - 3 * x + _P256_B)) % _P256 == 0


def usable_ed25519(material: bytes) -> bool:
    """Whether 32 bytes are a point of Ed25519 in canonical form, and not one of the eight of small order.

    For those eight, signatures can be made without any private key. They are y = 1 and -1, y = 0, and the points whose
    double has y = 0, which by the doubling formula are those with x^2 + y^2 = 0.
    """
    y = int.from_bytes(material, "little") & (2**255 - 1)
    if y >= _ED25519:
        return False
    y2 = y * y % _ED25519
    x2 = (y2 - 1) * pow(_ED25519_D * y2 + 1, -1, _ED25519) % _ED25519
    is_point = pow(x2, (_ED25519 - 1) // 2, _ED25519) == 1  # Euler's criterion; x = 0 (y = 1, -1) is out as well
    return is_point and y2 != 0 and (x2 + y2) % _ED25519 != 0
