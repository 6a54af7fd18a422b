"""
A program in a pseudo-terminal: python3 in_terminal.py COLUMNS ROWS PROGRAM [ARGUMENT ...]

Keys come from standard input, what the program writes goes to standard output, and descriptor 3 takes new sizes as lines
of "COLUMNS ROWS". The end of standard input closes the terminal, which hangs up on all programs in it.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def set_size(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


columns, rows, *program = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.close(3)
    set_size(0, columns, rows)
    os.execvp(program[0], program)

while True:
    for source in select.select([terminal, 0, 3], [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:  # EIO: no program has the terminal any more.
            data = b""
        if not data:
            sys.exit()
        if source == terminal:
            os.write(1, data)
        elif source == 0:
            os.write(terminal, data)
        else:
            set_size(terminal, *data.split()[-2:])
