"""The people of Mbuyu, a community that does not exist: who they are, how they learn, and whom a visitor may look as.

Names are common ones from several places; nobody real is meant. All of them share the secret in `SECRET`.
"""

from dataclasses import dataclass

HUB_NAME = "Mbuyu"
SECRET = ("star", "key", "leaf")
"""Every demo child's three pictures, shown on the demo page."""
PIN = "246810"
"""Every demo adult's PIN, shown on the demo page."""


@dataclass(frozen=True)
class Actor:
    """One person of the demo.

    `skill` is the chance, 0 to 1, of a right first answer; `habit` the chance of learning on a given day.
    """

    name: str
    picture: str
    birth_year: int
    roles: tuple[str, ...] = ("learner",)
    circle: str = ""
    household: str = ""
    relation: str = "child"
    skill: float = 0.6
    habit: float = 0.3
    leans: tuple[str, ...] = ("numbers", "read-with-me", "safe-water")
    language: str = "en"


@dataclass(frozen=True)
class DemoCircle:
    """A circle of the demo; `key` is how actors name it."""

    key: str
    name: str
    picture: str
    kind: str = "circle"


CIRCLES = (
    DemoCircle("little", "Little readers", "baobab"),
    DemoCircle("numbers", "Number friends", "market"),
    DemoCircle("evening", "Evening workshop", "fire", "class"),
    DemoCircle("parents", "Parents' bench", "well"),
)

HOUSEHOLDS = {
    "amina": ("Amina's home", "well"),
    "kofi": ("Kofi's home", "tree"),
    "leila": ("Leila's home", "river"),
    "mateo": ("Mateo's home", "mountain"),
    "nia": ("Nia's home", "garden"),
    "sami": ("Sami's home", "nest"),
    "zuri": ("Zuri's home", "field"),
}

WORK = ("fix-a-phone", "safe-water", "numbers")
LETTERS = ("read-with-me", "numbers", "safe-water")
"""What the grown-ups of the evening, and what the youngest, begin with."""

ACTORS = (
    Actor("Amina", "butterfly", 2018, circle="little", household="amina", skill=0.72, habit=0.45, leans=LETTERS),
    Actor("Juma", "goat", 2016, circle="numbers", household="amina", skill=0.6, habit=0.35),
    Actor("Issa", "fish", 2020, circle="little", household="amina", skill=0.45, habit=0.2, leans=LETTERS),
    Actor(
        "Fatou",
        "mango",
        1990,
        ("guardian", "learner"),
        "parents",
        "amina",
        "guardian",
        0.55,
        0.12,
        ("safe-water",),
        "fr",
    ),
    Actor("Kofi", "drum", 2015, circle="numbers", household="kofi", skill=0.8, habit=0.4),
    Actor("Esi", "bird", 2017, circle="little", household="kofi", skill=0.66, habit=0.3, leans=LETTERS),
    Actor("Abena", "cow", 1988, ("guardian",), "parents", "kofi", "guardian"),
    Actor("Leila", "cat", 2016, circle="numbers", household="leila", skill=0.35, habit=0.5, language="fr"),
    Actor(
        "Karim", "kite", 2018, circle="little", household="leila", skill=0.5, habit=0.25, language="fr", leans=LETTERS
    ),
    Actor("Mateo", "ball", 2015, circle="numbers", household="mateo", skill=0.7, habit=0.3),
    Actor("Inés", "flower", 2017, circle="little", household="mateo", skill=0.75, habit=0.35, leans=LETTERS),
    Actor("Nia", "bee", 2016, circle="numbers", household="nia", skill=0.3, habit=0.4),
    Actor("Tendai", "elephant", 2014, circle="numbers", household="nia", skill=0.85, habit=0.3),
    Actor("Sami", "moon", 2017, circle="little", household="sami", skill=0.55, habit=0.3, leans=LETTERS),
    Actor("Dalia", "snail", 2015, circle="numbers", household="sami", skill=0.62, habit=0.25),
    Actor("Zuri", "tortoise", 2018, circle="little", household="zuri", skill=0.6, habit=0.4, leans=LETTERS),
    Actor("Baraka", "boat", 2016, circle="numbers", household="zuri", skill=0.4, habit=0.3),
    Actor("Neema", "hen", 2019, circle="little", household="zuri", skill=0.5, habit=0.2, leans=LETTERS),
    Actor("Joseph", "hammer", 1992, circle="evening", skill=0.7, habit=0.4, leans=WORK),
    Actor("Grace", "bicycle", 1998, circle="evening", skill=0.78, habit=0.35, leans=WORK),
    Actor("Yusuf", "lamp", 1985, circle="evening", skill=0.5, habit=0.3, leans=WORK, language="fr"),
    Actor("Marisol", "bucket", 2001, circle="evening", skill=0.66, habit=0.3, leans=WORK),
    Actor("Ibrahim", "maize", 1978, circle="evening", skill=0.45, habit=0.2, leans=WORK),
    Actor("Rosa", "orange", 2003, circle="evening", skill=0.82, habit=0.3, leans=WORK),
    Actor("Mr. Otieno", "tree", 1980, ("facilitator",), "numbers"),
    Actor("Lucía", "cloud", 1987, ("librarian",)),
    Actor("Mama Zawadi", "sun", 1956, ("steward",)),
    Actor("Mzee Baako", "melon", 1951, ("steward",)),
    Actor("Awa", "banana", 2006, ("steward", "learner"), "evening", skill=0.8, habit=0.2, leans=WORK),
    Actor("Nurse Adjoa", "rain", 1983, ("partner",)),
    Actor("Repair Co-op", "bicycle", 1990, ("partner",)),
    Actor("Hill School", "bird", 1990, ("partner",)),
    Actor("Ruth", "pineapple", 1979, ("region",)),
)
"""People in the order they are made; a facilitator leads the circle named, and every circle when none is."""

LOOK_AS = {
    "child": "Amina",
    "learner": "Joseph",
    "guardian": "Fatou",
    "facilitator": "Mr. Otieno",
    "librarian": "Lucía",
    "steward": "Mama Zawadi",
    "partner": "Nurse Adjoa",
    "region": "Ruth",
}
"""Role a visitor may look as → who that is."""
