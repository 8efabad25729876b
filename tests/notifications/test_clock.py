from datetime import UTC, date, datetime, timedelta

import pytest

from notifications import clock, failpoints

pytestmark = pytest.mark.portable
A_MOMENT = timedelta(seconds=30)


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT


def test_offset_moves_the_clock(monkeypatch):
    monkeypatch.setenv("CLOCK_OFFSET", str(86_400))
    assert abs(clock.now() - timedelta(days=1) - datetime.now(UTC)) < A_MOMENT


def test_file_is_read_anew_so_that_time_can_jump(monkeypatch, tmp_path):
    file = tmp_path / "clock"
    monkeypatch.setenv("CLOCK_FILE", str(file))
    file.write_text("0")
    before = clock.now()
    file.write_text("-86400")
    assert clock.now() < before - timedelta(hours=23)


def test_production_knows_one_time_only(monkeypatch, settings):
    settings.PRODUCTION = True
    monkeypatch.setenv("CLOCK_OFFSET", str(86_400))
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_local_date_when_the_clocks_change(moment, day):
    assert clock.local_date(moment) == day


def test_every_minute_of_three_years_has_a_date_that_never_goes_back():
    """Six changes of the clocks and a leap day, met in steps of a quarter of an hour."""
    moment, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    seen = [clock.local_date(moment)]
    while moment < end:
        moment += timedelta(minutes=15)
        if (day := clock.local_date(moment)) != seen[-1]:
            assert day == seen[-1] + timedelta(days=1)
            assert clock.start_of(day) == moment
            seen.append(day)
    assert len(seen) == 365 + 365 + 366 + 1


class TestFailpoints:
    def test_nothing_happens_without_an_order(self, monkeypatch):
        monkeypatch.delenv("FAILPOINT", raising=False)
        failpoints.reach("after_claim")

    def test_only_the_named_place_breaks(self, monkeypatch):
        monkeypatch.setenv("FAILPOINT", "after_claim:raise")
        failpoints.reach("before_data")
        with pytest.raises(failpoints.FailpointError):
            failpoints.reach("after_claim")

    def test_nth_passage(self, monkeypatch):
        monkeypatch.setenv("FAILPOINT", "after_dot:raise:3")
        failpoints.reach("after_dot")
        failpoints.reach("after_dot")
        with pytest.raises(failpoints.FailpointError):
            failpoints.reach("after_dot")
        failpoints.reach("after_dot")

    @pytest.mark.parametrize("order", ["nowhere:kill", "after_claim:dance"])
    def test_unknown_orders_are_refused(self, monkeypatch, order):
        monkeypatch.setenv("FAILPOINT", order)
        with pytest.raises(ValueError, match="FAILPOINT"):
            failpoints.reach("after_claim")

    def test_production_has_none(self, monkeypatch, settings):
        settings.PRODUCTION = True
        monkeypatch.setenv("FAILPOINT", "after_claim:raise")
        failpoints.reach("after_claim")
