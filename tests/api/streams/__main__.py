"""python -m tests.api.streams --streams 10000 --seed 1 --processes 2"""

from tests.api.streams.many import main

if __name__ == "__main__":
    raise SystemExit(main())
