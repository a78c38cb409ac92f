#!/usr/bin/env python3
"""Verifies an exported audit log with Python's standard library and openssl alone; docs/audit-chain.md says what is computed.
usage: verify.py AUDIT-LOG --fingerprint HEX [--mac-key HEX] [--witness FILE]"""
import argparse, base64, functools, hashlib, hmac, json, pathlib, struct, subprocess, sys, tempfile

SPKI = bytes.fromhex("302a300506032b6570032100")  # stands before the 32 bytes of an Ed25519 public key in DER
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
from64 = lambda text: base64.b64decode(text, validate=True)
to64 = lambda data: base64.b64encode(data).decode()
root_of = lambda tree: functools.reduce(lambda right, left: sha(b"\1", left, right), reversed(tree)) if tree else sha()

def need(holds, size, fault):
    if not holds: raise ValueError(f"{size} {fault}")

def signed(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in {"key": SPKI + key, "message": message, "signature": signature}.items(): pathlib.Path(folder, name).write_bytes(data)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in message -sigfile signature"
        return subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0

def verify(head, lines, fingerprint, mac_key, seen):
    chain, origin, key = head["chain"], head["origin"], bytes.fromhex(head["publicKey"])
    need(sha(SPKI, key).hex() == fingerprint, 0, "wrong-key")
    size, epoch, link, tree, last = 0, 0, sha(f"hpc-billing/audit/v1\n{origin}\n".encode(), key), [], 0
    for size, record in enumerate(lines, 1):
        kind, at, payload = record["kind"], int(record["at"]), from64(record["payload"])
        need(int(record["sequence"]) == size, size, "sequence")
        need(record["epoch"] == epoch, size, "epoch")
        leaf = sha(b"\0BHA1", struct.pack(">IQIqHI", chain, size, epoch, at, dict(event=1, checkpoint=2, rotate=3)[kind], len(payload)), payload)
        before, link, body = link, sha(b"\2", link, leaf), json.loads(payload)
        need(link == from64(record["link"]), size, "link")
        need(not mac_key or hmac.compare_digest(hmac.digest(mac_key, b"\3" + link, "sha256"), from64(record["tag"])), size, "tag")
        need(kind != "event" or size - last <= 1000, size, "checkpoint-gap")
        if kind == "checkpoint":
            said = f"{origin}\n{size - 1}\n{to64(root_of(tree))}\nlink {to64(before)}\nepoch {epoch}\ntime {at}\n"
            signature = sha(f"{origin}\n\1".encode(), key)[:4] + from64(body["note"].split()[-1])[4:]
            need(body["note"] == f"{said}\n— {origin} {to64(signature)}\n" and signed(key, said.encode(), signature[4:]), size, "checkpoint")
        if kind == "rotate":
            said = f"hpc-billing/rotate/v1\n{origin}\n{before.hex()}\n{epoch + 1}\n{body['publicKey']}\n"
            need(body["epoch"] == str(epoch + 1) and signed(key, said.encode(), bytes.fromhex(body["signature"])), size, "rotation")
            epoch, key, mac_key = epoch + 1, bytes.fromhex(body["publicKey"]), mac_key and hmac.digest(mac_key, b"hpc-billing/evolve/v1", "sha256")
        last = last if kind == "event" else size
        for _ in range((size & -size).bit_length() - 1): leaf = sha(b"\1", tree.pop(), leaf)
        tree.append(leaf)
        need(all(link == each for each in seen.pop(size, ())), size, "witness")
    need(max(seen, default=0) <= size, size + 1, "witness")
    return f"{size} records, epoch {epoch}, root {root_of(tree).hex()}"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("log", "--fingerprint", "--mac-key", "--witness"): parser.add_argument(name)
    options, seen, read = parser.parse_args(), {}, lambda path: map(json.loads, open(path, encoding="utf-8"))
    for line in read(options.witness) if options.witness else ():
        _, size, _, link, *_ = line["note"].split("\n") if "note" in line else ("", line["sequence"], "", "link " + line["link"])
        seen.setdefault(int(size), []).append(from64(link.removeprefix("link ")))
    try:
        log = read(options.log)
        print("ok:", verify(next(log), log, options.fingerprint, options.mac_key and bytes.fromhex(options.mac_key), seen))
    except (ValueError, KeyError, IndexError, TypeError, OSError, StopIteration) as bad: sys.exit(f"bad: {str(bad) or 'the log is empty'}")
