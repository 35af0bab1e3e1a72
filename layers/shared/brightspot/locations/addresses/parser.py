"""Reading an address as people write it: street, PO box, city, state and ZIP."""

from dataclasses import dataclass
from typing import Literal

from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.addresses.errors import refuse, shortened
from brightspot.locations.addresses.head import read_head, take_po_box
from brightspot.locations.addresses.regions import named_state
from brightspot.locations.addresses.tail import Tail, read_tail
from brightspot.locations.addresses.text import WHAT_TO_SEND, clean
from brightspot.locations.addresses.words import plain, street_form

Kind = Literal["street", "po_box", "city_zip", "city", "zip"]


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What an address says, before anybody looks up whether it exists.

    `state` is a USPS code; `street` and `city` are as written. At least one of `city` and `zip5` is there.
    `estimated_split` means that no comma parts street and city, so that the boundary between them is a model's guess,
    which a list of real cities may correct.
    """

    street: str | None
    po_box: str | None
    city: str | None
    state: str | None
    zip5: str | None
    zip4: str | None
    estimated_split: bool = False

    @property
    def kind(self) -> Kind:
        if self.street:
            return "street"
        if self.po_box:
            return "po_box"
        if self.city:
            return "city_zip" if self.zip5 else "city"
        return "zip"

    @property
    def normal_form(self) -> str:
        """One text for all spellings of the address, such as "200 1ST ST SOUTHWEST, ROCHESTER, MN 55905".

        ZIP+4 is left out: it follows from the street. Parsing a normal form that has a state gives it again.
        """
        return normal_form(self.street, self.po_box, self.city, self.state, self.zip5)

    @property
    def understood(self) -> dict[str, str | None]:
        """What was read, by name, for people."""
        return {
            "street": self.street,
            "po_box": self.po_box,
            "city": self.city,
            "state": named_state(self.state) if self.state else None,
            "zip": self.zip5,
        }


def normal_form(street: str | None, po_box: str | None, city: str | None, state: str | None, zip5: str | None) -> str:
    """Return the canonical text of an address made of these parts."""
    ending = " ".join(filter(None, (state, zip5)))
    box = f"PO BOX {po_box}" if po_box else None
    return ", ".join(filter(None, (street and street_form(street), box, city and city_key(city), ending)))


def parse(text: str) -> ParsedAddress:
    """Read a US address in any case, spacing and usual order, with or without commas.

    Understood: a ZIP or ZIP+4 alone, "City, ST", "City, ST ZIP", street or PO box with any of these, the state by code,
    name or old abbreviation, the ZIP before or after it, "USA" at the end, lines instead of commas.

    Raises AddressRefused for text that is blank, too long, has control characters, lies in another country, has a
    malformed ZIP, or names neither a ZIP nor a city. A city without a state is read; only a gazetteer can refuse it.
    """
    line, po_box = take_po_box(clean(text))
    tail = read_tail(line)
    head = read_head(tail.parts, tail.state)
    if tail.zip5 is None and head.city is None:
        return _lone_state(tail, head.street, po_box)
    return ParsedAddress(
        head.street, po_box, head.city, tail.state, tail.zip5, tail.zip4, estimated_split=head.estimated_split
    )


def _lone_state(tail: Tail, street: str | None, po_box: str | None) -> ParsedAddress:
    """Read "New York" as a city that still needs its state; refuse everything else that names no place."""
    spelled_out = any(len(plain(word)) > 2 for word in tail.state_words)  # noqa: PLR2004  # longer than a code
    if spelled_out and not (street or po_box):
        return ParsedAddress(None, None, " ".join(tail.state_words), None, None, None)
    state = named_state(tail.state) if tail.state else None
    understood = {"street": street, "po_box": po_box, "state": state}
    read = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in understood.items() if value)
    detail = (
        f"We understood {shortened(read, 100)}, but no ZIP and no city."
        if read
        else "No ZIP and no city could be read."
    )
    return refuse("no_place", f"{detail} {WHAT_TO_SEND}", understood)
