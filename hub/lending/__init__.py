"""The lending desk: tools, radios, paper books and other things, in one catalogue with the shelf."""
