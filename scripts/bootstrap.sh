#!/bin/sh
# Makes .venv beside this checkout and installs from the hash-pinned locks.
#   sh scripts/bootstrap.sh run|test
# A second call takes well under a second: .venv/lianwen-path tells a moved checkout,
# .venv/lianwen-installed what was installed. PYTHON=/path/to/python chooses the interpreter.
set -eu
unset PYTHONHOME PYTHONPATH # of another Python
export PIP_USER=0           # a user's setting that pip refuses inside an environment

kind=${1:-run}
case $kind in
    run) lock=requirements.lock ;;
    test) lock=requirements-test.lock ;;
    *) echo "usage: sh scripts/bootstrap.sh run|test" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."

oldest=11 # of Python 3, as requires-python in pyproject.toml
newest=14
here=$(pwd -P)
venv_python=.venv/bin/python

stop() { # one sentence in each language, no traceback
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

version_of() { # prints "3 11", or nothing when it is no working Python
    "$1" -c 'import sys; print("%d %d" % sys.version_info[:2])' 2>/dev/null || true
}

supported() {
    set -- $(version_of "$1")
    [ $# -eq 2 ] && [ "$1" -eq 3 ] && [ "$2" -ge "$oldest" ] && [ "$2" -le "$newest" ]
}

find_python() { # sets python, or says in one sentence what is wrong
    found=
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"
    else set -- python3 python3.14 python3.13 python3.12 python3.11 python; fi
    for candidate; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if supported "$candidate"; then python=$candidate; return; fi
        [ -n "$found" ] || found=$(version_of "$candidate" | tr ' ' .)
    done
    [ -n "$found" ] || stop \
        "没有找到 Python：请安装 Python 3.$oldest 至 3.$newest，然后重新运行。" \
        "No Python was found: install Python 3.$oldest to 3.$newest and run this again."
    stop \
        "找到的 Python 是 $found，本程序需要 3.$oldest 至 3.$newest：请安装其中一个，或用 PYTHON=路径 指定。" \
        "The Python found is $found, this program needs 3.$oldest to 3.$newest: install one of these or name it with PYTHON=path."
}

make_venv() {
    find_python
    "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 || stop \
        "这个 Python 缺少 venv 模块：请先安装（Debian/Ubuntu：apt install python3-venv），然后重新运行。" \
        "This Python has no venv module: install it first (Debian/Ubuntu: apt install python3-venv) and run this again."
    rm -rf .venv 2>/dev/null && "$python" -m venv .venv >/dev/null 2>&1 || stop \
        "无法创建 $here/.venv：请检查磁盘空间和文件夹权限。" \
        "Cannot make $here/.venv: check the disk space and the rights of the folder."
    printf '%s\n' "$here" >.venv/lianwen-path
}

install() {
    printf '%s\n%s\n' \
        "正在安装依赖（首次约 2 分钟，约 1.5 GB）……" \
        "Installing what the program needs (about 2 minutes and 1.5 GB the first time) ..." >&2
    rm -f .venv/lianwen-installed
    # Hash mode refuses -e, so the project itself follows in a second call.
    "$venv_python" -m pip install -qq --no-input --disable-pip-version-check --require-hashes -r "$lock" >&2 \
        && "$venv_python" -m pip install -qq --no-input --disable-pip-version-check \
            --no-deps --no-build-isolation -e . >&2 || stop \
        "依赖安装失败（原因见上）：请检查网络和磁盘空间（约 1.5 GB），然后重新运行。" \
        "Installing failed (the reason is above): check the network and the disk space (about 1.5 GB) and run this again."
    wanted "$kind" >.venv/lianwen-installed
}

wanted() { # what a finished installation of a kind writes down; a check sum is enough to see a change
    echo "$1 $(cat requirements.lock requirements-test.lock pyproject.toml | cksum)"
}

installed() { # the test lock holds everything that the run lock holds
    now=$(cat .venv/lianwen-installed 2>/dev/null || true)
    [ "$now" = "$(wanted test)" ] || [ "$now" = "$(wanted "$kind")" ]
}

at_home() { # a moved or copied environment points to its old place, so it is made anew
    [ "$(cat .venv/lianwen-path 2>/dev/null || true)" = "$here" ] && supported "$venv_python"
}

if at_home && installed; then exit 0; fi
[ -w . ] || stop \
    "没有写入 $here 的权限：请把程序放到自己可写的文件夹后再运行。" \
    "No permission to write to $here: put the program into a folder of your own and run it there."
at_home || make_venv
install
