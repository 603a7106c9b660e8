from wardkeep.adapters.tall_man_lists import tall_man_list


def test_each_country_has_its_list_and_none_has_no_list() -> None:
    assert ("hydrALAzine", "hydrOXYzine") in tall_man_list("BE")
    assert ("DOBUTamin", "DOPamin") in tall_man_list("LU")
    assert tall_man_list("") == ()
