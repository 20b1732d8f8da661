"""Immutable objects with named fields."""

from functools import cached_property

import pytest

from xingtu_cli.frozen import Frozen


class Place(Frozen):
    city: str
    street: str = "?"

    @cached_property
    def full(self) -> str:
        return f"{self.city}, {self.street}"


class Door(Place):
    number: int = 1


class Other(Frozen):
    city: str
    street: str = "?"


def test_the_fields_of_the_parent_come_first() -> None:
    assert repr(Door(number=3, city="北京")) == "Door(city='北京', street='?', number=3)"


def test_what_is_left_out_is_the_default() -> None:
    assert Place(city="北京") == Place(city="北京", street="?")
    assert Place(city="北京") != Place(city="北京", street="长安街")
    assert Place(city="北京") != Other(city="北京")
    assert Door(city="北京").but(street="长安街") == Door(city="北京", street="长安街")


def test_nothing_can_be_changed() -> None:
    place = Place(city="北京")
    with pytest.raises(AttributeError, match="Place is frozen: city"):
        place.city = "上海"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Place is frozen: city"):
        del place.city
    with pytest.raises(TypeError, match="unhashable"):
        hash(place)
    assert (place.city, place.full) == ("北京", "北京, ?")


def test_a_field_too_many_or_too_few_is_refused() -> None:
    with pytest.raises(TypeError, match="Place has no town, village"):
        Place(city="北京", village="?", town="?")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Place needs city"):
        Place(street="长安街")  # type: ignore[call-arg]
