"""Runs moto's server on a loopback port that the system chooses, until standard input ends.

The port is the system's to choose, so that two runs never meet; it is printed as a URL on the first line. The end of
standard input is the sign to stop, because it comes in any case, also when the process that started this one dies.
"""

import logging
import sys

from moto.server import ThreadedMotoServer


def main() -> None:
    # One line a request would be too much; what goes wrong is still shown.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
