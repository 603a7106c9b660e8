from tests.pack.handmade import pack_of, patient, said


def born(record: str, date: str, bed: str = "1") -> object:
    return patient(record, f"Name{record}", bed, birth_date=said(date))


def alerts(*patients: object) -> list[tuple[str, ...]]:
    return [sheet.alerts for sheet in pack_of(*patients).patients]


def test_two_who_were_born_on_one_day_are_told_of_each_other_on_every_page() -> None:
    first, second, third = alerts(
        born("1", "1934-03-07"), born("2", "1934-03-07", "2"), born("3", "1940-05-20", "3")
    )
    assert first == ("BIRTH DATE ALERT: the same on this ward, record 2 (401-2)",)
    assert second == ("BIRTH DATE ALERT: the same on this ward, record 1 (401-1)",)
    assert third == ()


def test_a_birth_date_with_day_and_month_exchanged_is_similar() -> None:
    first, second = alerts(born("1", "1934-03-07"), born("2", "1934-07-03", "2"))
    told = "BIRTH DATE ALERT: day and month exchanged on this ward, record {}"
    assert (first, second) == ((told.format("2 (401-2)"),), (told.format("1 (401-1)"),))


def test_a_birth_date_known_to_the_month_alarms_nobody() -> None:
    assert alerts(born("1", "1934-03"), born("2", "1934-03", "2")) == [(), ()]


def test_whoever_is_like_several_is_told_of_all_of_them_in_one_line() -> None:
    same = [born(str(n), "1934-03-07", str(n)) for n in range(1, 4)]
    assert alerts(*same)[0] == (
        "BIRTH DATE ALERT: the same on this ward, record 2 (401-2), 3 (401-3)",
    )
