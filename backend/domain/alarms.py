"""Alarms: what a person of the house must look at, because the house cannot mend it by itself."""

from __future__ import annotations

from enum import StrEnum


class Alarm(StrEnum):
    """Why somebody must look; each has its sentence in the catalogues (`alarm.<name>`)."""

    DEAD_LETTER = "dead_letter"
    """A message that no channel took."""
    CHANNEL_DOWN = "channel_down"
    """A provider fails again and again; what can takes another way, the rest waits."""
    SET_ASIDE = "set_aside"
    """A piece of work broke, and waits."""
    UNKNOWN_YEAR = "unknown_year"
    """Deadlines run into a year whose holidays are not known."""
    MISSED_STEP = "missed_step"
    """The auditor found a step of a ladder that should have been taken."""
    MISSED_CALL = "missed_call"
    """The same of call-outs: somebody's silence should have been told of, and was not."""
    BROKEN_CHAIN = "broken_chain"
    """A timeline does not add up to its seal."""
    SILENT = "silent"
    """A part of the house gives no sign of life."""
    NOBODY = "nobody"
    """Nobody could be found to be told."""
    EMPTY_ROLL = "empty_roll"
    """A warning went out, and there is nobody whom it calls."""
    LATE_WARNING = "late_warning"
    """A warning was over before anybody let it out."""
    UNREACHED = "unreached"
    """People on a roll could not be reached by anybody."""
    SILENT_FEED = "silent_feed"
    """A feed of signals gives no good answer, or brings nothing any more."""
    UNREADABLE_SIGNAL = "unreadable_signal"
    """A document of a feed that cannot be read as a signal."""
    SIGNAL_CONFLICT = "signal_conflict"
    """Two signals bear one name and say different things."""
    UNMATCHED_AREA = "unmatched_area"
    """A signal is meant for a place of ours that is not in the list of regions."""
    SILENT_STATION = "silent_station"
    """A gauge is not heard any more."""
