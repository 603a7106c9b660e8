"""A file system in memory that forgets, at a simulated power cut, what was not synced.

Speaks the kernel's FUSE protocol (include/uapi/linux/fuse.h, 7.31) on /dev/fuse, so that a
whole site server can run on it unaltered; it needs the right to mount (root).

What is promised is what POSIX promises and no more: bytes are durable once fsync(2) or
fdatasync(2) of their file returned, names once fsync of their folder did. At a cut each file
loses all that came since, or keeps some of it: sectors of 512 bytes by chance and in any order,
so that pages are torn; of the names that were not synced the first ones stay.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import multiprocessing
import os
import random
import select
import stat
import struct
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = 1
SECTOR = 512
_MOST = 128 * 1024
_BUFFER = _MOST + 4_096
_FOREVER = 1_000_000
_HEADER = struct.Struct("<IIQQIIII")
_ATTRIBUTES = struct.Struct("<QQQQQQIIIIIIIIII")
_libc = ctypes.CDLL(None, use_errno=True)
_DETACH = 2  # MNT_DETACH, umount2(2)
_BIG_WRITES = 1 << 5
_SIZE, _MODE = 8, 1  # FATTR_SIZE, FATTR_MODE


class Node:
    """A file, folder, link or socket: what is there now, and what a cut leaves of it."""

    def __init__(self, number: int, mode: int) -> None:
        self.number, self.mode = number, mode
        self.data, self.durable = bytearray(), bytearray()
        self.pending: list[tuple[int, bytes | None]] = []
        """Writes since the last sync in order: offset and bytes, or a new size and None."""
        self.names: dict[bytes, Node] = {}
        self.durable_names: dict[bytes, Node] = {}
        self.changes: list[list[tuple[bytes, Node | None]]] = []
        """Of a folder: names that came and went, not synced; each step whole or not at all."""
        self.target = b""

    def write(self, offset: int, content: bytes) -> None:
        """Put bytes at an offset."""
        _put(self.data, offset, content)
        self.pending.append((offset, content))

    def resize(self, size: int) -> None:
        """Cut or lengthen the file."""
        _resize(self.data, size)
        self.pending.append((size, None))

    def sync(self) -> None:
        """Make the bytes durable."""
        for offset, content in self.pending:
            _apply(self.durable, offset, content)
        self.pending.clear()

    def rename(self, step: list[tuple[bytes, Node | None]]) -> None:
        """Change names of this folder in one step."""
        _name(self.names, step)
        self.changes.append(step)

    def sync_names(self) -> None:
        """Make the names durable."""
        for step in self.changes:
            _name(self.durable_names, step)
        self.changes.clear()

    def cut(self, chance: random.Random) -> None:
        """Become what a power cut leaves."""
        way = chance.random()
        for offset, content in self.pending if way > 0.3 else ():
            kept = 1.0 if way > 0.9 else chance.random()
            if content is None:
                if chance.random() < kept:
                    _resize(self.durable, offset)
                continue
            for at in range(0, len(content), SECTOR):
                if chance.random() < kept:
                    _put(self.durable, offset + at, content[at : at + SECTOR])
        for step in self.changes[: chance.randint(0, len(self.changes))]:
            _name(self.durable_names, step)
        self.pending.clear()
        self.changes.clear()
        self.data = bytearray(self.durable)
        self.names = dict(self.durable_names)


def _put(data: bytearray, offset: int, content: bytes) -> None:
    if offset > len(data):
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(content)] = content


def _resize(data: bytearray, size: int) -> None:
    if size <= len(data):
        del data[size:]
    else:
        data.extend(bytes(size - len(data)))


def _apply(data: bytearray, offset: int, content: bytes | None) -> None:
    if content is None:
        _resize(data, offset)
    else:
        _put(data, offset, content)


def _name(names: dict[bytes, Node], step: Sequence[tuple[bytes, Node | None]]) -> None:
    for name, node in step:
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class FileSystem:
    """Answers the kernel's requests on one mount."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self._last = 0
        self.root = self._make(stat.S_IFDIR | 0o700)
        self.device = -1
        self._answers: dict[int, Callable[[Node, bytes], bytes]] = {
            1: self._lookup,
            3: lambda node, _: _attribute_answer(node),
            4: self._setattr,
            5: lambda node, _: node.target,
            6: self._symlink,
            8: lambda node, body: self._create(node, body[16:], _int(body, 0)),
            9: lambda node, body: self._create(node, body[8:], stat.S_IFDIR | _int(body, 0)),
            10: self._unlink,
            11: self._unlink,
            12: lambda node, body: self._rename(node, body, 8),
            14: lambda _node, _: bytes(16),
            15: _slice,
            16: self._write,
            17: lambda _node, _: struct.pack("<QQQQQIIII24x", *_SPACE),
            18: lambda _node, _: b"",
            20: self._fsync,
            25: lambda _node, _: b"",
            27: lambda _node, _: bytes(16),
            28: self._readdir,
            29: lambda _node, _: b"",
            30: self._fsyncdir,
            35: lambda node, body: self._create(node, body[16:], _int(body, 4)) + bytes(16),
            45: lambda node, body: self._rename(node, body, 16),
        }

    def _make(self, mode: int) -> Node:
        self._last += 1
        node = self.nodes[self._last] = Node(self._last, mode)
        return node

    def mount(self, target: Path) -> None:
        """Mount on a folder; raises OSError."""
        self.device = os.open("/dev/fuse", os.O_RDWR)
        words = f"fd={self.device},rootmode=40000,user_id=0,group_id=0,max_read={_MOST}"
        place = os.fsencode(target)
        if _libc.mount(b"cut", place, b"fuse", 0, words.encode()):
            code = ctypes.get_errno()
            raise OSError(code, f"{target} cannot be mounted: {os.strerror(code)}")

    def step(self) -> bool:
        """Answer one request; False when it was unmounted."""
        try:
            request = os.read(self.device, _BUFFER)
        except OSError as fault:
            if fault.errno == errno.ENODEV:
                os.close(self.device)
                return False
            return True  # interrupted, or a request that was taken back
        _, code, unique, number, *_ = _HEADER.unpack_from(request)
        if code in {2, 36, 42}:  # FORGET, INTERRUPT, BATCH_FORGET: nothing is answered
            return True
        error, answer = self._answer(code, number, request[_HEADER.size :])
        head = struct.pack("<IiQ", 16 + len(answer), -error, unique)
        with contextlib.suppress(OSError):  # whoever asked was killed
            os.write(self.device, head + answer)
        return True

    def _answer(self, code: int, number: int, body: bytes) -> tuple[int, bytes]:
        if code == 26:
            flags = _BIG_WRITES
            return 0, struct.pack(
                "<IIIIHHIIHHI28x", 7, 31, _MOST, flags, 12, 9, _MOST, 1, 0, 0, 0
            )
        answer, node = self._answers.get(code), self.nodes.get(number)
        if answer is None or node is None:
            return errno.ENOSYS, b""
        try:
            return 0, answer(node, body)
        except OSError as fault:
            return fault.errno or errno.EIO, b""

    def _lookup(self, node: Node, body: bytes) -> bytes:
        found = node.names.get(body.rstrip(b"\0"))
        if found is None:
            raise OSError(errno.ENOENT, "")
        return _entry_answer(found)

    def _create(self, node: Node, name: bytes, mode: int) -> bytes:
        made = self._make(mode)
        node.rename([(name.rstrip(b"\0"), made)])
        return _entry_answer(made)

    def _symlink(self, node: Node, body: bytes) -> bytes:
        name, target, _ = body.split(b"\0")
        made = self._make(stat.S_IFLNK | 0o777)
        made.target = target
        node.rename([(name, made)])
        return _entry_answer(made)

    def _setattr(self, node: Node, body: bytes) -> bytes:
        valid, size, mode = _int(body, 0), struct.unpack_from("<Q", body, 16)[0], _int(body, 68)
        if valid & _SIZE:
            node.resize(size)
        if valid & _MODE:
            node.mode = mode
        return _attribute_answer(node)

    def _unlink(self, node: Node, body: bytes) -> bytes:
        name = body.rstrip(b"\0")
        if node.names[name].names:
            raise OSError(errno.ENOTEMPTY, "")
        node.rename([(name, None)])
        return b""

    def _rename(self, node: Node, body: bytes, begin: int) -> bytes:
        other = self.nodes[struct.unpack_from("<Q", body)[0]]
        old, new, *_ = body[begin:].split(b"\0")
        moved = node.names[old]
        if other is node:
            node.rename([(old, None), (new, moved)])
        else:
            other.rename([(new, moved)])
            node.rename([(old, None)])
        return b""

    def _write(self, node: Node, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<QI", body, 8)
        node.write(offset, body[40 : 40 + size])
        return struct.pack("<II", size, 0)

    def _fsync(self, node: Node, _body: bytes) -> bytes:
        node.sync()
        return b""

    def _fsyncdir(self, node: Node, _body: bytes) -> bytes:
        node.sync_names()
        return b""

    def _readdir(self, node: Node, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<QI", body, 8)
        listed = b""
        for place, (name, found) in enumerate([*node.names.items()][offset:], offset + 1):
            kind = stat.S_IFMT(found.mode) >> 12
            entry = struct.pack("<QQII", found.number, place, len(name), kind) + name
            entry += bytes(-len(entry) % 8)
            if len(listed) + len(entry) > size:
                break
            listed += entry
        return listed

    def cut(self, seed: int) -> None:
        """Let the power fail."""
        chance = random.Random(seed)
        for node in self.nodes.values():
            node.cut(chance)
        reached: dict[int, Node] = {}
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            reached[node.number] = node
            waiting += node.names.values()
        self.nodes = reached

    def take(self, folder: Path) -> None:
        """Hold what lies in a folder, all of it durable."""
        self.root.names.clear()
        self._take(self.root, folder)
        self.nodes = {}
        self.cut_nothing(self.root)

    def cut_nothing(self, node: Node) -> None:
        """Make all below a folder durable."""
        self.nodes[node.number] = node
        node.sync()
        node.sync_names()
        for each in node.names.values():
            self.cut_nothing(each)

    def _take(self, node: Node, folder: Path) -> None:
        for path in folder.iterdir():
            mode = path.lstat().st_mode
            made = self._make(mode)
            node.rename([(os.fsencode(path.name), made)])
            if stat.S_ISDIR(mode):
                self._take(made, path)
            elif stat.S_ISLNK(mode):
                made.target = os.fsencode(path.readlink())
            elif stat.S_ISREG(mode):
                made.write(0, path.read_bytes())

    def give(self, folder: Path) -> None:
        """Lay what is there into a folder of another file system."""
        _give(self.root, folder)


_SPACE = (1 << 28, 1 << 27, 1 << 27, 1 << 20, 1 << 19, 4_096, 255, 4_096, 0)


def _give(node: Node, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, found in node.names.items():
        path = folder / os.fsdecode(name)
        if stat.S_ISDIR(found.mode):
            _give(found, path)
        elif stat.S_ISLNK(found.mode):
            path.symlink_to(os.fsdecode(found.target))
        elif stat.S_ISREG(found.mode):
            path.write_bytes(found.data)
            path.chmod(stat.S_IMODE(found.mode))


def _int(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "little")


def _slice(node: Node, body: bytes) -> bytes:
    offset, size = struct.unpack_from("<QI", body, 8)
    return bytes(node.data[offset : offset + size])


def _attributes(node: Node) -> bytes:
    size = len(node.data)
    blocks = -(-size // SECTOR)
    times = (0,) * 6
    return _ATTRIBUTES.pack(node.number, size, blocks, *times, node.mode, 1, 0, 0, 0, 4_096, 0)


def _attribute_answer(node: Node) -> bytes:
    return struct.pack("<QII", _FOREVER, 0, 0) + _attributes(node)


def _entry_answer(node: Node) -> bytes:
    return struct.pack("<QQQQII", node.number, 0, _FOREVER, _FOREVER, 0, 0) + _attributes(node)


class CutDisk:
    """The file system in a process of its own, mounted on `place`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        ours, theirs = multiprocessing.Pipe()
        self._pipe: Connection = ours
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(theirs,), daemon=True
        )
        self._process.start()

    def _ask(self, *words: object) -> None:
        self._pipe.send(words)
        fault = self._pipe.recv()
        if fault:
            raise OSError(fault)

    def take(self, folder: Path) -> None:
        """Hold a folder's content; nothing may be mounted."""
        self._ask("take", folder)

    def give(self, folder: Path) -> None:
        """Lay the content into a folder elsewhere."""
        self._ask("give", folder)

    def cut(self, seed: int) -> None:
        """Let the power fail; nothing may be mounted."""
        self._ask("cut", seed)

    def mount(self) -> None:
        """Mount it; raises OSError."""
        self._ask("mount", self.place)

    def unmount(self) -> None:
        """Unmount it; whoever used it must be dead."""
        if _libc.umount2(os.fsencode(self.place), _DETACH):
            raise OSError(ctypes.get_errno(), "umount")
        self._ask("ended")

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(OSError):
            _libc.umount2(os.fsencode(self.place), _DETACH)
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection) -> None:
    system = FileSystem()
    mounted = False
    while True:
        ready, _, _ = select.select([pipe, *([system.device] if mounted else [])], [], [])
        if mounted and system.device in ready:
            mounted = system.step()
        if pipe in ready:
            word, *rest = pipe.recv()
            while word == "ended" and mounted:
                mounted = system.step()
            try:
                if word != "ended":
                    getattr(system, word)(*rest)
                mounted = mounted or word == "mount"
                pipe.send("")
            except OSError as fault:
                pipe.send(str(fault))
