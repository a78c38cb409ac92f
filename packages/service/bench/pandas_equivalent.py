"""Rate sacct output by tier and sum it per account, the short way that a notebook does it: floats, whole file in memory."""
import csv
import json
import resource
import sys
import time

import pandas as pd

path, prices_path = sys.argv[1:3]
with open(prices_path, encoding="utf-8") as file:
    book = json.load(file)

started = time.perf_counter()
rows = pd.read_csv(path, sep="\x1f", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
jobs = rows[rows["JobIDRaw"].str.fullmatch(r"\d+")].copy()
jobs["State"] = jobs["State"].str.split(" ").str[0]
jobs = jobs[jobs["State"].isin(book["states"]) & jobs["Start"].str.isdigit() & jobs["End"].str.isdigit()]
wall_hours = (jobs["End"].astype("int64") - jobs["Start"].astype("int64")) / 3600
run_hours = jobs["ElapsedRaw"].astype("int64") / 3600


def count(pattern):
    return jobs["AllocTRES"].str.extract(pattern, expand=False).fillna(0).astype("int64")


a100 = count(r"gres/gpu:a100=(\d+)")
hours = {
    "cpu": count(r"cpu=(\d+)") * run_hours,
    "gpu": (count(r"gres/gpu=(\d+)") - a100) * wall_hours,
    "gpu-a100": a100 * wall_hours,
    "mem": count(r"mem=(\d+)M") / 1024 * wall_hours,
}
tier = jobs["Account"].map(book["tiers"])
factor = jobs["QOS"].map(book["factors"]).fillna(1)
jobs["Amount"] = sum(hours[sku] * tier.map(lambda name: book["prices"][name][sku]) * factor for sku in hours)
amounts = jobs.groupby("Account")["Amount"].sum()
print(
    json.dumps(
        {
            "rows": len(rows),
            "amounts": amounts.to_dict(),
            "seconds": time.perf_counter() - started,
            "cpuSeconds": time.process_time(),
            "peakMebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
