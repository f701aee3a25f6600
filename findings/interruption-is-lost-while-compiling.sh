#!/usr/bin/env bash
# numba 0.68.1 with llvmlite 0.50.0, Ctrl-C while a function is compiled. One would expect a
# KeyboardInterrupt in the program, wherever it is. Python hears of Ctrl-C when it next runs a line of
# Python. While LLVM writes machine code that is a line of llvmlite's, called from C, where an
# exception cannot go on: it is printed as ignored, and the run that was to be stopped goes on to its
# end. With cache=True that line is also the one that receives the code, so the call fails with "no
# compiled object yet" instead, which a study that goes on after a failed run takes for one. Below the
# signal is sent when LLVM is seen at work, and again until it has met LLVM there.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6 || exit 2

cd "$folder"
{
    echo "import numpy as np"
    echo "def simulated(x):"
    echo "    total = 0.0"
    for step in $(seq 40); do
        echo "    total += np.sin(x + $step) if total > $step else np.exp(-total) + x"
    done
    echo "    return total"
} >model.py
NUMBA_CACHE_DIR="$folder/cache" venv/bin/python - <<'EOF'
import shutil
import signal
import sys
import threading
import time

import llvmlite
import model
import numba

SECONDS = 120
main = threading.main_thread().ident
lost = []
sys.unraisablehook = lambda ignored: lost.append(ignored.exc_type)
signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt_llvm(finished):
    """Interrupt the main thread, as Ctrl-C does, when it is in the function that makes LLVM work."""
    while not finished.is_set():
        frame = sys._current_frames()[main]
        while frame is not None and frame.f_code.co_name != "finalize_object":
            frame = frame.f_back
        if frame is not None:
            signal.pthread_kill(main, signal.SIGINT)
            return


def call_interrupted(cache):
    """Compile and call, and return how it ended."""
    finished = threading.Event()
    watcher = threading.Thread(target=interrupt_llvm, args=[finished])
    try:
        watcher.start()
        numba.njit(cache=cache)(model.simulated)(1.0)
        ended = "goes on to its end"
    except RuntimeError as error:
        ended = str(error).partition(" for ")[0]
    finally:
        finished.set()
        watcher.join()
    return ended


def seen(cache, wanted):
    """Try until an interruption was lost and the call ended as wanted; return whether it did."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        lost.clear()
        shutil.rmtree("cache", ignore_errors=True)
        try:
            ended = call_interrupted(cache)
        except KeyboardInterrupt:
            continue
        if ended == wanted and KeyboardInterrupt in lost:
            return True
    return False


print(f"numba {numba.__version__}, llvmlite {llvmlite.__version__}")
print("expected: KeyboardInterrupt")
for cache, wanted in ((False, "goes on to its end"), (True, "no compiled object yet")):
    if not seen(cache, wanted):
        raise SystemExit(f"This has changed: not seen in {SECONDS} seconds: {wanted}, cache={cache}.")
    print(f"happens with cache={cache}: {wanted}", flush=True)
EOF
