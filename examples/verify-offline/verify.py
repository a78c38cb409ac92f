#!/usr/bin/env python3
"""Verifies an exported audit log with Python's standard library and openssl alone; docs/audit-chain.md says what it computes.
usage: verify.py AUDIT-LOG --fingerprint HEX [--mac-key HEX] [--witness FILE]"""
import argparse, base64, hashlib, hmac, json, struct, subprocess, sys, tempfile

KINDS = {"event": 1, "checkpoint": 2, "rotate": 3}
SPKI = bytes.fromhex("302a300506032b6570032100")
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
b64 = lambda text: base64.b64decode(text, validate=True)
mac = lambda key, data: hmac.new(key, data, hashlib.sha256).digest()

def need(holds, what):
    if not holds: raise ValueError(what)

def signed(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("key", SPKI + key), ("message", message), ("signature", signature)): open(f"{folder}/{name}", "wb").write(data)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in message -sigfile signature"
        return subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0

def root_of(range_):
    return range_[0] if len(range_) == 1 else sha(b"\1", range_[0], root_of(range_[1:])) if range_ else sha()

def verify(lines, fingerprint, mac_key=None, witness=()):
    head = json.loads(lines[0]); origin, key = head["origin"], bytes.fromhex(head["publicKey"])
    need(sha(SPKI, key).hex() == fingerprint, "0 wrong-key")
    link, size, epoch, range_, last = sha(b"hpc-billing/audit/v1\n", origin.encode(), b"\n", key), 0, 0, [], 0
    seen = {int(w["sequence"]): b64(w["link"]) for w in witness if "link" in w}
    seen.update({int(n[1]): b64(n[3][5:]) for n in (w["note"].split("\n") for w in witness if "note" in w)})
    for r in map(json.loads, lines[1:]):
        payload, at, text = b64(r["payload"]), f"{size + 1} ", None
        need(int(r["sequence"]) == size + 1, at + "sequence"); need(r["epoch"] == epoch, at + "epoch")
        leaf = sha(b"\0BHA1", struct.pack(">IQIqHI", head["chain"], size + 1, epoch, int(r["at"]), KINDS[r["kind"]], len(payload)), payload)
        previous, link = link, sha(b"\2", link, leaf)
        need(link == b64(r["link"]), at + "link"); need(mac_key is None or hmac.compare_digest(mac(mac_key, b"\3" + link), b64(r["tag"])), at + "tag")
        body = json.loads(payload)
        if r["kind"] == "event": need(size + 1 - last <= 1000, at + "checkpoint-gap")
        if r["kind"] == "checkpoint":
            text, _, line = body["note"].rpartition("\n— "); name, signature = line.split(); signature = b64(signature)
            said = [origin, str(size), base64.b64encode(root_of(range_)).decode(), f"link {base64.b64encode(previous).decode()}", f"epoch {epoch}", f"time {r['at']}", ""]
            key_id = sha(origin.encode(), b"\n\1", key)[:4]
            need(text.split("\n") == said and name == origin and signature[:4] == key_id and signed(key, text.encode(), signature[4:]), at + "checkpoint")
        if r["kind"] == "rotate":
            said = f"hpc-billing/rotate/v1\n{origin}\n{previous.hex()}\n{epoch + 1}\n{body['publicKey']}\n".encode()
            need(body["epoch"] == str(epoch + 1) and signed(key, said, bytes.fromhex(body["signature"])), at + "rotation")
            epoch, key, mac_key = epoch + 1, bytes.fromhex(body["publicKey"]), mac_key and mac(mac_key, b"hpc-billing/evolve/v1")
        rest = size; size += 1; last = size if r["kind"] != "event" else last
        while rest & 1: leaf = sha(b"\1", range_.pop(), leaf); rest >>= 1
        range_.append(leaf); need(seen.pop(size, link) == link, at + "witness")
    need(not [s for s in seen if s > size], f"{size + 1} witness")
    return f"{size} records, epoch {epoch}, root {root_of(range_).hex()}"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(); parser.add_argument("log"); parser.add_argument("--fingerprint", required=True)
    parser.add_argument("--mac-key"); parser.add_argument("--witness"); options = parser.parse_args()
    read = lambda path: open(path, encoding="utf-8").read().splitlines()
    try: print("ok:", verify(read(options.log), options.fingerprint, options.mac_key and bytes.fromhex(options.mac_key), [json.loads(l) for l in read(options.witness)] if options.witness else ()))
    except (ValueError, KeyError, IndexError, TypeError) as bad: sys.exit(f"bad: {bad}")
