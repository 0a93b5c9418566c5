"""Where the program starts: `mangrove` and `python -m hub` both come here."""

from hub.cli import main

if __name__ == "__main__":
    main()
