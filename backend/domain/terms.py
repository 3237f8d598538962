"""The words of the trade as types; what a person reads is in the catalogues."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Rank of a region, a reach or a river chief (河长层级); a higher number is more senior."""

    VILLAGE = 1
    TOWN = 2
    COUNTY = 3
    CITY = 4
    PROVINCE = 5

    @property
    def word(self) -> str:
        """The lower-case English name, as in files and answers."""
        return self.name.lower()


class Post(StrEnum):
    """What somebody is in the system (职务); the post stays when people come and go."""

    ADMINISTRATOR = "administrator"
    CITY_CHIEF = "city_chief"
    COUNTY_CHIEF = "county_chief"
    TOWN_CHIEF = "town_chief"
    VILLAGE_CHIEF = "village_chief"
    WARDEN = "warden"
    OFFICE_CLERK = "office_clerk"
    BUREAU_CLERK = "bureau_clerk"
    DUTY_OFFICER = "duty_officer"
    UNIT_LIAISON = "unit_liaison"
    POLICE_CHIEF = "police_chief"
    PROSECUTOR = "prosecutor"


CHIEFS: dict[Post, Level] = {
    Post.CITY_CHIEF: Level.CITY,
    Post.COUNTY_CHIEF: Level.COUNTY,
    Post.TOWN_CHIEF: Level.TOWN,
    Post.VILLAGE_CHIEF: Level.VILLAGE,
}
"""River chiefs (河长) and their level."""
WALKERS: frozenset[Post] = frozenset(CHIEFS) | {Post.WARDEN}
"""Who owes patrols."""


class Duty(StrEnum):
    """What an assignment (责任河段) makes of a person on that segment."""

    CHIEF = "chief"
    WARDEN = "warden"


class Outcome(StrEnum):
    """What the server decided about a patrol; doubtful counts until a review says otherwise."""

    VALID = "valid"
    DOUBTFUL = "doubtful"
    INVALID = "invalid"

    @property
    def counts(self) -> bool:
        """Whether a patrol of this outcome fulfils a duty."""
        return self is not Outcome.INVALID


class Rain(StrEnum):
    """Rain as a chief sees it."""

    NONE = "none"
    LIGHT = "light"
    MODERATE = "moderate"
    HEAVY = "heavy"
    STORM = "storm"
