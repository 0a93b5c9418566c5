"""The pictures people choose from. Each is a drawing of that name in `hub/web/static/pictures.svg`."""

AVATARS = (
    "butterfly",
    "goat",
    "fish",
    "mango",
    "drum",
    "bird",
    "cow",
    "cat",
    "kite",
    "ball",
    "flower",
    "bee",
    "elephant",
    "moon",
    "snail",
    "tortoise",
    "boat",
    "hen",
    "hammer",
    "bicycle",
    "lamp",
    "bucket",
    "maize",
    "orange",
    "tree",
    "cloud",
    "sun",
    "melon",
    "banana",
    "rain",
    "pineapple",
)
"""What a person is known by on tiles."""
PLACES = ("baobab", "market", "fire", "well", "river", "mountain", "garden", "nest", "field")
"""What a circle or a household is known by; it may take an avatar too."""
SECRETS = ("star", "key", "leaf", "shoe", "spoon", "hat", "basket", "book", "bell", "egg", "house", "cup")
"""The twelve that a secret of three is made of."""
SECRET_LENGTH = 3
