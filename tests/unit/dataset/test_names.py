"""City names in one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.addresses.city_names import city_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Rochester", "ROCHESTER"),
        ("Saint Paul", "ST PAUL"),
        ("St. Paul", "ST PAUL"),
        ("  saint\tpaul ", "ST PAUL"),
        ("Sault Sainte Marie", "SAULT STE MARIE"),
        ("Fort Worth", "FT WORTH"),
        ("Mount Rainier", "MT RAINIER"),
        ("Mountain View", "MTN VIEW"),
        ("North East", "N E"),
        ("Easton", "EASTON"),
        ("Winston-Salem", "WINSTON SALEM"),
        ("Coeur d'Alene", "COEUR DALENE"),
        ("Mayagüez", "MAYAGUEZ"),
        ("Cañon City", "CANON CITY"),
        ("東京", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_city_share_a_key(name, key):
    assert city_key(name) == key


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name):
    assert city_key(city_key(name)) == city_key(name)
