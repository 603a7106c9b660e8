"""What every implementation of `chart.ports.Charts` must do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from tests.chart.sending import adt, entries, entry, fold, micros, msh, pid, pv1, ras, rde

from wardkeep.chart.found import found_of
from wardkeep.chart.model import FlagKind
from wardkeep.chart.plain import plain
from wardkeep.chart.ports import Charts, Unread
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.ledger.arrival import Entry

ADMITTED = adt("A01", "20260516080000", pid(), pv1())
NEIGHBOUR = adt(
    "A01", "20260516081500", pid("1002", "Dupont^Marie", "19510101"), pv1("A2^12^2", "V2")
)
UPSTAIRS = adt(
    "A01", "20260516083000", pid("1003", "Lefèvre^Zoé", "19990909"), pv1("B3^1^1", "V3")
)


class ChartsContract:
    """The suite; `follow` returns charts of a site that holds the entries."""

    @abstractmethod
    def follow(self, entries: list[Entry]) -> Charts:
        """Return charts after these entries."""

    def charts(self, sent: Iterable[tuple[str, bytes]]) -> Charts:
        return self.follow(entries(sent))

    def test_the_wards_are_those_where_somebody_lies(self) -> None:
        charts = self.charts([("adt", ADMITTED), ("adt", NEIGHBOUR), ("adt", UPSTAIRS)])
        assert [(ward.ward, ward.patients) for ward in charts.wards()] == [("A2", 2), ("B3", 1)]

    def test_one_ward_is_told_as_among_all(self) -> None:
        charts = self.charts([("adt", ADMITTED), ("adt", NEIGHBOUR), ("adt", UPSTAIRS)])
        assert [charts.summary(ward.ward) for ward in charts.wards()] == charts.wards()
        assert charts.summary("Z9") is None
        assert charts.summary("") is None

    def test_a_ward_lists_its_patients_by_bed(self) -> None:
        charts = self.charts([("adt", NEIGHBOUR), ("adt", ADMITTED)])
        assert [chart.record for chart in charts.ward("A2")] == ["1001", "1002"]

    def test_bed_ten_comes_after_bed_two_and_room_twelve_after_room_nine(self) -> None:
        walk = ["A2^9^10", "A2^12^1", "A2^12^2", "A2^12^10"]
        sent = [
            ("adt", adt("A01", f"2026051608{n}000", pid(f"200{n}"), pv1(bed, f"V{n}")))
            for n, bed in reversed(list(enumerate(walk)))
        ]
        records = [chart.record for chart in self.charts(sent).ward("A2")]
        assert records == ["2000", "2001", "2002", "2003"]

    def test_a_transferred_patient_lies_on_the_new_ward_alone(self) -> None:
        moved = adt("A02", "20260516090000", pid(), pv1("B3^2^1"))
        charts = self.charts([("adt", ADMITTED), ("adt", moved)])
        assert [chart.record for chart in charts.ward("B3")] == ["1001"]
        assert charts.ward("A2") == []

    def test_a_discharged_patient_leaves_the_ward_and_stays_known(self) -> None:
        home = adt("A03", "20260516170000", pid(), pv1())
        charts = self.charts([("adt", ADMITTED), ("adt", home)])
        assert charts.ward("A2") == []
        assert charts.ward("") == []
        assert charts.patient("1001") is not None

    def test_two_of_one_name_on_a_ward_are_flagged_on_both(self) -> None:
        charts = self.charts([("adt", ADMITTED), ("adt", NEIGHBOUR)])
        kinds = [{flag.kind for flag in chart.flags} for chart in charts.ward("A2")]
        assert all(FlagKind.SAME_NAME_ON_WARD in found for found in kinds)

    def test_an_unknown_number_has_no_chart(self) -> None:
        assert self.charts([("adt", ADMITTED)]).patient("9999") is None

    def test_a_merged_number_leads_to_the_surviving_patient(self) -> None:
        merged = adt("A40", "20260516100000", pid(), "MRG|1002^^^GHQV^MR")
        charts = self.charts([("adt", ADMITTED), ("adt", NEIGHBOUR), ("adt", merged)])
        found = charts.patient("1002")
        assert found is not None
        assert (found.record, found.merged_from) == ("1001", ("1002",))

    def test_patients_are_found_by_name_number_birth_and_bed(self) -> None:
        charts = self.charts([("adt", ADMITTED), ("adt", UPSTAIRS)])
        for words in ("lefevre", "LEFÈVRE zoe", "1003", "1999-09-09"):
            assert [chart.record for chart in charts.find(words)] == ["1003"], words
            chart = charts.patient("1003")
            assert chart is not None
            assert charts.find(words) == [found_of(chart)]
        assert charts.find("") == []
        assert len(charts.find("100", limit=1)) == 1

    def test_charts_equal_those_folded_in_memory(self) -> None:
        sent = [
            ("adt", ADMITTED),
            ("meds", rde("NW", "20260516090000", drug="C07^Bisoprolol^ATC|1||tab")),
            ("meds", ras("20260516100000")),
            ("adt", adt("A02", "20260516110000", pid(), pv1("B3^2^1"))),
        ]
        mine, known = self.charts(sent).patient("1001"), fold(entries(sent)).patient("1001")
        assert mine is not None
        assert known is not None
        assert plain(mine) == plain(known)

    def test_what_cannot_be_read_is_in_quarantine_and_its_bytes_are_kept(self) -> None:
        charts = self.charts([("adt", ADMITTED), ("lab", b"no message at all")])
        held = charts.quarantine()
        assert [(one.sequence, one.feed, one.reason) for one in held] == [
            (2, "lab", "no MSH segment")
        ]
        assert charts.raw(2) == b"no message at all"
        assert charts.raw(99) is None

    def test_what_could_not_be_read_is_told_by_feed_and_to_the_ward_it_is_about(self) -> None:
        merged = adt("A40", "20260516100000", pid("1003"), "MRG|1002^^^GHQV^MR")
        bad = ras("20260516110000", "A")
        other = bad.replace(b"|1001^", b"|1002^")
        sent = [("adt", ADMITTED), ("adt", NEIGHBOUR), ("adt", UPSTAIRS), ("adt", merged)]
        charts = self.charts([*sent, ("meds", bad), ("meds", other), ("lab", b"no message")])
        told = charts.unread("A2", 0)
        assert [(each.feed, each.count) for each in told.feeds] == [("lab", 1), ("meds", 2)]
        assert [(each.record, each.message_type) for each in told.about] == [
            ("1001", "RAS^O17")
        ]
        assert [each.record for each in charts.unread("B3", 0).about] == ["1002"]
        assert charts.unread("A2", told.feeds[0].since + MINUTE) == Unread()

    def test_a_message_about_a_patient_that_could_not_be_read_changes_the_ward(self) -> None:
        sent = [("adt", ADMITTED), ("adt", UPSTAIRS)]
        before = {each.ward: each.changed for each in self.charts(sent).wards()}
        lost = ras("20260516110000").replace(b"|20260516110000|20260516110000|C07", b"|?|?|C07")
        after = self.charts([*sent, ("meds", lost)])
        assert after.quarantine()
        changed = {each.ward: each.changed for each in after.wards()}
        assert changed["A2"] > before["A2"]
        assert changed["B3"] == before["B3"]

    def test_a_visit_moved_to_another_patient_is_told_on_the_wards_of_both(self) -> None:
        moved = adt("A45", "20260516100000", pid(), "MRG|1003^^^GHQV^MR||||V3", pv1())
        charts = self.charts([("adt", ADMITTED), ("adt", UPSTAIRS), ("adt", moved)])
        for ward, record in (("A2", "1001"), ("B3", "1003")):
            told = charts.unread(ward, 0).about
            assert [(each.record, each.message_type) for each in told] == [(record, "ADT^A45")]

    def test_an_entry_speaks_of_those_it_names_and_of_whom_they_were_merged_into(self) -> None:
        merged = adt("A40", "20260516100000", pid(), "MRG|1002^^^GHQV^MR")
        charts = self.charts([("adt", NEIGHBOUR), ("adt", merged), ("lab", b"no message")])
        assert charts.spoken_of(1) == ("1002", "1001")
        assert charts.spoken_of(2) == ("1001", "1002")
        assert charts.spoken_of(3) == ()
        assert charts.spoken_of(99) == ()

    def test_the_cursor_stands_at_the_last_entry_and_the_revision_grows(self) -> None:
        one, two = (
            self.charts([("adt", ADMITTED)]),
            self.charts([("adt", ADMITTED), ("adt", UPSTAIRS)]),
        )
        assert (one.cursor(), two.cursor()) == (1, 2)
        assert two.revision() > 0

    def test_a_feed_that_fell_silent_says_so(self) -> None:
        at = micros("20260516080000")
        charts = self.follow([entry(ADMITTED, received=at)])
        fresh = {status.stream: status for status in charts.streams(at + MINUTE)}
        assert fresh[Stream.ADMISSIONS].state is StreamState.FRESH
        assert fresh[Stream.ADMISSIONS].as_of == at
        later = {status.stream: status for status in charts.streams(at + 3 * HOUR)}
        assert later[Stream.ADMISSIONS].state is StreamState.SILENT

    def test_missing_sequence_numbers_are_counted(self) -> None:
        def numbered(number: int) -> bytes:
            body = "\r".join(
                [msh("ADT^A08", "20260516080000", f"N{number}", str(number)), pid()]
            )
            return body.encode()

        charts = self.charts([("adt", numbered(number)) for number in (1, 2, 5)])
        feeds = {status.feed: status for status in charts.feeds(micros("20260516080000"))}
        assert (feeds["adt"].gaps, feeds["adt"].messages) == (2, 3)

    def test_a_ward_knows_up_to_when_its_doses_are_charted(self) -> None:
        charts = self.charts([("adt", ADMITTED), ("meds", ras("20260516100000"))])
        (ward,) = charts.wards()
        assert ward.charted_up_to == micros("20260516100000")
        assert ward.doses_fed
