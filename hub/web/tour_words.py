"""The looks round: for each who-looks a few steps, each a small drawing of a page and one or two short sentences.

A tour has at most 150 words in every language, so that it can be heard in a minute (`tests/test_help_tours.py`).
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Step:
    """One step: where on the page it is (`main`, `me`, `help` or a place of the bar), its icon, and what is said."""

    spot: str
    icon: str
    says: object


@dataclass(frozen=True)
class Tour:
    """One look round: for whom it is, and its steps."""

    title: object
    steps: tuple[Step, ...]


ME = Step("me", "swap", _("When you are done, press your picture up here. Then nobody else sees your work."))
HELP = Step("help", "help", _("This mark is on every page. Press it whenever you are lost."))
LIBRARY = Step("library", "library", _("The library has everything that is here. Look for it in your own words."))

TOURS: dict[str, Tour] = {
    "child": Tour(
        _("For children"),
        (
            Step("main", "go", _("Hello! This is your home. The big card is your next thing to do.")),
            Step("main", "speaker", _("This drawing reads to you. Press it and listen.")),
            Step("main", "check", _("Press your answer. Not right yet? You get a hint and try once more.")),
            Step("main", "flower", _("What you can do grows in your garden: first a seed, in the end a flower.")),
            Step("me", "swap", _("Is it somebody else's turn? Press your picture up here.")),
            HELP,
        ),
    ),
    "learner": Tour(
        _("For those who learn"),
        (
            Step("main", "go", _("This is your home. The large card goes on where you stopped, also after weeks.")),
            Step("main", "clock", _("Below it are short things for ten minutes.")),
            LIBRARY,
            Step("learning", "learning", _("Here you see what you can do, and the answers it rests on.")),
            ME,
            HELP,
        ),
    ),
    "guardian": Tour(
        _("For parents and guardians"),
        (
            Step("main", "family", _("This is your home. Each of your children has a card here.")),
            Step(
                "main", "plant", _("A seed was just begun. A flower is something your child can still do days later.")
            ),
            Step("main", "heart", _("Each card has one thing to try at home. It needs no phone.")),
            Step("main", "yes", _("Below it you say yes or no to what may leave. You can take it back at any time.")),
            ME,
            HELP,
        ),
    ),
    "facilitator": Tour(
        _("For facilitators"),
        (
            Step(
                "main", "numbers", _("This is your home. It says who needs help with what, and who is ready for more.")
            ),
            Step("main", "register", _("Open your circle to see each learner and each step.")),
            Step("main", "people", _("Has somebody forgotten their pictures? Under People you give new ones.")),
            Step("library", "library", _("Look at every lesson and every quiz before you use it.")),
            ME,
            HELP,
        ),
    ),
    "librarian": Tour(
        _("For librarians"),
        (
            Step("main", "power", _("This is your home. It says whether power, disk, backup and tide are well.")),
            Step("main", "add", _("Here you put something on the shelf, or write a lesson yourself.")),
            Step("main", "wait", _("Below stands what waits, and what stopped and why.")),
            Step("main", "people", _("You add people, and give new secret pictures to those who forgot theirs.")),
            ME,
            HELP,
        ),
    ),
    "steward": Tour(
        _("For stewards"),
        (
            Step("main", "hand", _("This is your home. The large card shows what needs our decision.")),
            Step("main", "tide", _("Below stands what leaves this place. Open it, and read it row by row.")),
            Step("main", "chart", _("Outcomes say what was learned by all together, never by one child.")),
            Step("main", "people", _("Here you see who is in the hub, in which role, and who said yes or no to what.")),
            ME,
            HELP,
        ),
    ),
    "partner": Tour(
        _("For partners"),
        (
            Step("main", "chart", _("This is your home. It says what people here learn, counted for all together.")),
            Step("library", "library", _("Open any lesson and see what it teaches, question by question.")),
            Step("community", "community", _("Here you find whom to talk to about work, visits or lessons.")),
            ME,
            HELP,
        ),
    ),
    "region": Tour(
        _("For the region"),
        (
            Step("main", "region", _("This is your home. It shows the hubs, and when each was last heard.")),
            Step("main", "send", _("A hub comes in with a code that you read out to it.")),
            Step("main", "chart", _("Outcomes are counts. Small ones are hidden, and you never see a child's name.")),
            ME,
            HELP,
        ),
    ),
    "guest": Tour(
        _("For guests"),
        (
            Step("main", "mangrove", _("Welcome! All that is here works without the internet.")),
            Step("library", "library", _("Look around in the library. Nobody writes down what you open.")),
            Step("me", "person", _("To keep what you learn, sign in: press your circle, then your picture.")),
            Step("main", "key", _("Three secret pictures open what is yours. Show them to nobody.")),
            HELP,
        ),
    ),
}
"""Who looks → their look round, in the order in which the help page names them."""
