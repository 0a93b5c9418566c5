"""What each page is for and what one can do there, in a few words: page → its help. docs/help.md says how to change it.

A page that shows HTML has its row here (`tests/test_help_words.py` holds it); pages that are alike share one.
"""

from flask_babel import lazy_gettext as _

from hub.web import help_decisions, help_forgetting, help_protection, help_tide, help_writing
from hub.web.help_kind import Help

LOST = Help(
    _("Are you lost? The house in the bar leads home."),
    (_("The library is beside it: read, listen and try whatever you like."),),
)
"""For a page without help of its own, such as one that says what went wrong."""
HOME = Help(
    _("This is your home. What comes next for you stands at the top."),
    (_("The bar with four drawings leads to home, library, your learning and the community."),),
)
WHO = Help(
    _("Here you tell the hub who you are."),
    (
        _("Press the picture of your circle, then your own."),
        _("Are you not there? Ask to be added; it takes a moment."),
    ),
)
SECRET = Help(
    _("Now comes what only you know: three pictures in their order, or your number."),
    (_("Forgotten? Whoever leads your circle gives you new ones."),),
)
STEP = Help(
    _("This is one step to learn: read, look, listen or answer."),
    (_("Stop whenever you like: when you are signed in, your place is kept."),),
)
WORK = Help(
    _("Here you see how far some slow work is."),
    (_("You can leave this page: it goes on by itself, also after a power cut."),),
)
COLLECTION = Help(
    _("A collection is a shelf of works that belong together."), (_("Press a card to see what is in it."),)
)
ELSEWHERE = Help(
    _("Here you choose what comes onto the shelf from other hubs."),
    (_("It comes by itself, over days if it must, and goes on where the line was cut."),),
)
CIRCLE = Help(
    _("A circle is a group that meets: a class, a team or friends."),
    (_("Here it is said who belongs to it and who leads it."),),
)
HOUSEHOLD = Help(
    _("A household is who lives together and may share a phone."),
    (_("Here it is said who belongs to it, and who looks after a child."),),
)
WORDINGS = Help(
    _("Say something on these pages in other words."), (_("It changes at once, for everybody, and can be taken back."),)
)
KEYS = Help(
    _("Here are the keys with which programs outside this hub write or read what was learned."),
    (
        _("Give each program a key of its own, for no more than it needs."),
        _("Take back a key that nobody uses: it opens nothing from then on."),
    ),
)
VOICES = Help(
    _("Here you lend your voice to sentences: what you record is heard before the voice of the machine."),
    (_("You can listen to it, record it anew, or take it back."),),
)
CONSENT = Help(
    _("Here you say what may be done with what is learned. You may say yes to one thing and no to another."),
    (
        _("Press the thumb that points up for yes, the one that points down for no. A child presses a face."),
        _("It can be taken back at any time, and then it holds at once."),
    ),
)
KNOWN = Help(
    _("Here stands all that the hub keeps about one person."),
    (_("Print it, or ask for what is wrong to be changed."),),
)
SENT_ON = Help(
    _("Here a steward lets learning records go to an outside store, and sees what went."),
    (_("Choose as little as is needed: it cannot all be called back."),),
)
HOME_CODES = Help(
    _("Here what was answered at home comes back."),
    (
        _("Type the ten characters from the strip of paper, or from the end of the file."),
        _("Typed twice, it counts once."),
    ),
)
TAKING = Help(
    _("Here you take a lesson with you, for where the hub does not reach."),
    (_("Paper needs nothing but a pencil; a file opens on any phone."),),
)
MARKS = Help(
    _("Here you type what a circle did on paper, and see who needs help with what."),
    (
        _("For each learner: 1 for a right answer, 0 for one that is not, in the order of the questions."),
        _("An empty row is left out."),
    ),
)
SEEN = Help(
    _("Here you note what you saw a learner do: how well it went, and a sentence if you like."),
    (
        _("The learner and their guardians can read it. You can take it back."),
        _("It counts in what grows, until three newer answers have come."),
    ),
)
BADGES = Help(
    _("Here stands what this community recognises, in its own words."),
    (_("Facilitators give a badge to their learners, stewards to anybody; it can be taken back."),),
)
ABOUT = Help(
    _("Here you see what this hub is, and what its pages are made of."),
    (_("Everybody may use it, change it and pass it on."),),
)


HELP: dict[str, Help] = {
    "home.show": HOME,
    "home.show_as": HOME,
    "sign_in.choose_circle": WHO,
    "sign_in.choose_in_circle": WHO,
    "sign_in.choose_among_others": WHO,
    "secret.ask": SECRET,
    "newcomers.ask": Help(
        _("Whoever is new can come in here by themselves."),
        (_("Choose a picture, write a name, then choose three secret pictures."),),
    ),
    "sign_in.go_on": Help(
        _("You had sent something just when the phone asked who is there."),
        (_("Press the button, and it is sent now."),),
    ),
    "secret.my_secret": Help(_("Here you change your secret."), (_("The old one counts until the new one is kept."),)),
    "switch.choose": Help(
        _("Here the phone changes hands."),
        (_("Press the picture of whoever is next. Your own work is kept."),),
    ),
    "language.show": Help(_("Here you choose a language. You can change it again at any time.")),
    "learn.mine": Help(
        _("Here stands what you have begun and what you can do."), (_("Press a line to go on with it."),)
    ),
    "learn.show": STEP,
    "encyclopaedia.search": Help(
        _("Here you look for something in one encyclopaedia."),
        (_("Write a word and press the glass; press a title to read."),),
    ),
    "learn.answered": Help(_("Here you see how your answer was."), (_("The large card leads on."),)),
    "learn.end": Help(
        _("Here you see how it went, and what to look at again."),
        (_("You can do it once more, as often as you like."),),
    ),
    "takehome.show": HOME_CODES,
    "takehome.back": HOME_CODES,
    "takehome.out": HOME_CODES,
    "takehome.offer": TAKING,
    "takehome.ready": TAKING,
    "takehome.paper": TAKING,
    "takehome.circle_papers": TAKING,
    "library.show": Help(
        _("Here is everything to read, hear, watch and try."),
        (_("Write a word to look for, in your own language."), _("Press a card to see what is in it.")),
    ),
    "finding.by": Help(
        _("Here you choose by looking instead of by words."), (_("Press a card, and you see what is there of it."),)
    ),
    "library.package": Help(
        _("Here you see what is in one work of the library."), (_("The large card begins it, or goes on with it."),)
    ),
    "library.topic": Help(
        _("Here is one topic of a larger work, with the topics and parts in it."),
        (_("The large card goes on with the first part that is not done yet."),),
    ),
    "keeping.add": Help(
        _("Here you put something on the shelf: a file, or what waits to be taken in."),
        (_("What cannot be used is refused in words, and the shelf stays as it is."),),
    ),
    "collections.show": COLLECTION,
    "collections.one": COLLECTION,
    "collections.ask": Help(
        _("Here you choose what belongs into a collection, and in which order."),
        (_("“Offer it” signs it for hubs that exchange with this one; they fetch only what they lack."),),
    ),
    "things.show_all": Help(
        _("Here stands what you can borrow: tools, radios, paper books and more."),
        (_("Press one to see how many are here, or to ask for it."),),
    ),
    "things.show": Help(
        _("Here you see what a thing is for, where it lies, and how many of it are here."),
        (_("Only librarians see who has it. What you ask for waits for you in turn."),),
    ),
    "things.show_out": Help(
        _("Here librarians see who has what, and whom to ask about something."),
        (_("There are no fines. Let somebody keep it longer, or write down that it is back."),),
    ),
    "elsewhere.show": ELSEWHERE,
    "elsewhere.one": ELSEWHERE,
    "unanswered.show": Help(
        _("Here stands what people looked for and did not find. Who asked is not kept."),
        (_("Press Done when it is settled; it comes back when somebody asks again."),),
    ),
    "describing.ask": Help(
        _("Here you say what a work is about, and for whom it is."),
        (_("Your words stand in place of the publisher's on this hub alone; each can be taken back."),),
    ),
    "covering.ask": Help(
        _("Here you choose the picture that stands for a work."),
        (_("Take a photo, choose a picture out of the work, or go back to the one it came with."),),
    ),
    "stocktaking.show": Help(
        _("Here you see what takes up room on the shelf, and what is used."),
        (_("Take off what nobody opens; what people learned from it stays in their records."),),
    ),
    "stocktaking.use": Help(
        _("Here you see how one work is used: counts of many, and never who."),
        (_("“Opened by few” hides small counts, so that nobody can be found in them."),),
    ),
    "describing.choose": Help(
        _("Here you say the same of several works at once."),
        (_("Tick the works, then choose; what you leave as it is stays."),),
    ),
    "keeping.watch": WORK,
    "giving.watch": WORK,
    "wholeness.show": Help(
        _("Here you see whether every file of the library is still as it came."),
        (_("What is not whole can be mended from another hub, or by putting the work on the shelf again."),),
    ),
    "giving.choose": Help(
        _("Here you put works on a stick, for other hubs and for people without one."),
        (_("Tick the works, choose the stick, and wait until it says that you can take it out."),),
    ),
    "sticks.show": Help(
        _("Here you see what a stick or the hub's folder holds for the library."),
        (_("Tick what shall stand on the shelf; what is on the stick stays as it is."),),
    ),
    "keeping.ask": Help(
        _("Here you take something off the shelf."), (_("What people learned from it stays in their records."),)
    ),
    "keeping.show_removed": Help(
        _("Here lies what was taken off the shelf; it can be brought back for some days."),
        (_("What people learned from it stays in their records in any case."),),
    ),
    "drafting.watch": WORK,
    "community.show": Help(_("Here you see who looks after this place, and which circles there are.")),
    **help_decisions.PAGES,
    "people.show_all": Help(
        _("Here are the people of this hub."),
        (_("Press a name to change something, or to give new secret pictures."),),
    ),
    "people.show": Help(
        _("Here you see one person: name, picture, circles and roles."),
        (_("Whoever rests cannot sign in; what they learned is kept."),),
    ),
    "people.ask_new": Help(_("Here you add somebody."), (_("A name and a picture are enough."),)),
    "cards.card": Help(
        _("This card shows a new secret once. Print it, or copy it by hand."), (_("Give it to nobody else."),)
    ),
    "lists.show": Help(
        _("Here you take in many people at once, or write everybody out."),
        (_("“Look first” says what would change, and changes nothing."),),
    ),
    "lists.watch": WORK,
    "circles.show_all": CIRCLE,
    "circles.show": CIRCLE,
    "consents.show_all": Help(
        _("Here you see who was asked what may be done with what they learn."),
        (_("Ask the next one: the list leads from one person to the other."),),
    ),
    "consents.show": CONSENT,
    "consents.done": CONSENT,
    "consents.ask_back": CONSENT,
    "consents.paper": CONSENT,
    "known.about_me": KNOWN,
    "known.about": KNOWN,
    "parcels.watch": WORK,
    "households.show_all": HOUSEHOLD,
    "households.show": HOUSEHOLD,
    "classes.all_mine": Help(
        _("Here are the circles that you lead."), (_("Press one to see who needs help with what."),)
    ),
    "classes.one": Help(
        _("Here you see how far a circle is with each thing to learn."),
        (_("Press a name to see that learner’s answers."),),
    ),
    "classes.learner": Help(
        _("Here you see what one learner has done."), (_("Every answer is there, so that you can talk about it."),)
    ),
    "seen.choose": SEEN,
    "seen.ask": SEEN,
    "badges.show_all": BADGES,
    "badges.show": BADGES,
    "paper.choose": MARKS,
    "paper.ask": MARKS,
    "paper.show_groups": Help(
        _("Here a circle stands in groups: who is how far with one thing to learn."),
        (_("Print it, and sit down with one group after the other."),),
    ),
    "outcomes.show": Help(
        _("Here is what was learned, counted for all together."),
        (_("Small numbers are hidden, so that nobody can be recognised."),),
    ),
    "status.show": Help(
        _("Here you see whether the hub is well: power, disk, backup and tide."),
        (_("What has stopped says why, and what to do."),),
    ),
    "clock.show": Help(
        _("Here the hub is told what time it is, when its machine does not know."),
        (_("Look at your own clock or phone, and type what it shows."),),
    ),
    "status.tide": Help(
        _("The tide carries news between this hub and others."),
        (_("When the line drops nothing is lost: the rest goes the next time."),),
    ),
    "tide_sticks.show": Help(
        _("Here the news for another hub goes onto a stick or a phone, and what one brought is taken in."),
        (
            _("It is sealed: whoever carries it can read nothing of it."),
            _("Leave the receipt that is written beside it on the stick: it tells the sender what came."),
        ),
    ),
    "tide_sticks.watch": WORK,
    "outgoing.show": SENT_ON,
    "outgoing.one": SENT_ON,
    **help_tide.PAGES,
    "region.show": Help(
        _("Here you see the hubs of the region and when each was last heard."),
        (_("They come in with a code that you read out to them."),),
    ),
    "setup.show": Help(
        _("Here this hub gets its name and somebody who looks after it."), (_("The name can be changed later."),)
    ),
    "demo.show": Help(
        _("This is a demo: nobody here is real."), (_("Press a card to look at the hub as that person."),)
    ),
    "about.show": ABOUT,
    "about.design": ABOUT,
    "sound.hear": Help(_("Here are the sounds of one text, in their order.")),
    "sound.show": VOICES,
    "sound.of_package": VOICES,
    "sound.of_item": VOICES,
    "sound.of_pages": VOICES,
    "wordings.show": WORDINGS,
    "wordings.one": WORDINGS,
    "keys.show": KEYS,
    "keys.ask_new": KEYS,
    "keys.ask_back": KEYS,
    "keys.once": Help(
        _("Here a new key shows its secret, once. Copy it into the program."), (_("Give it to nobody else."),)
    ),
    "help.show": Help(_("Here is help: whom to ask, and a look round for everybody.")),
    "help.tour": Help(
        _("This is a look round in about a minute."), (_("Stop whenever you like: it goes on where you were."),)
    ),
    "install.show": Help(_("Here you see how to come back to this hub with one press, and how others find it.")),
    "install.card": Help(_("This is a card for the wall. Print it, and hang it where people pass.")),
    "kept.show": STEP,
    "kept.away": LOST,
    **help_writing.PAGES,
    **help_forgetting.PAGES,
    **help_protection.PAGES,
}
"""The view that shows a page → its help."""
