"""The program with boto3: the same tasks, arguments and report as the contestants in Rust (see ../measure)."""

import json
import math
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

SUPPORT_CASES = 100
SECURITY_CASES = 25
FILE_NAME = "memory.dump"
FILE = b"\x5a" * 5_000_000


def describe_cases(support, _):
    page = support.describe_cases(includeResolvedCases=True, maxResults=100)
    return len(page["cases"]) == SUPPORT_CASES


def list_cases(_, incidents):
    return len(incidents.list_cases(maxResults=25)["items"]) == SECURITY_CASES


def upload_url(_, incidents):
    upload = incidents.get_case_attachment_upload_url(
        caseId="1234567890", fileName=FILE_NAME, contentLength=1024 * 1024
    )
    return bool(upload["attachmentPresignedUrl"])


def add_attachments(support, _):
    attachments = [{"fileName": FILE_NAME, "data": FILE}] * 3
    return bool(support.add_attachments_to_set(attachments=attachments)["attachmentSetId"])


TASKS = {
    "describe-cases": describe_cases,
    "list-cases": list_cases,
    "upload-url": upload_url,
    "add-attachments": add_attachments,
}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_memory():
    """The peak memory in bytes; `None` where the system does not report it."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def first_call():
    """One call with the one client that is needed, as a script makes it that does nothing else."""
    if not upload_url(None, boto3.client("security-ir")):
        raise SystemExit("error: first-call did not return what the server sends")


def main():
    if sys.argv[1] == "first-call":
        first_call()
        return
    task, calls, concurrency = TASKS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    config = Config(max_pool_connections=concurrency)
    # Clients are created one after the other, because their creation is not thread-safe.
    support = boto3.client("support", config=config)
    incidents = boto3.client("security-ir", config=config)

    def call(_):
        start = time.perf_counter()
        if not task(support, incidents):
            raise SystemExit(f"error: {sys.argv[1]} did not return what the server sends")
        return time.perf_counter() - start

    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(call, range(max(-(-calls // 4), concurrency))))
        start, before = time.perf_counter(), cpu()
        times = sorted(pool.map(call, range(calls)))
        elapsed, spent = time.perf_counter() - start, cpu() - before

    def quantile(share):
        return times[math.ceil(len(times) * share) - 1]

    report = {
        "calls_per_second": calls / elapsed,
        "p50": quantile(0.50),
        "p99": quantile(0.99),
        "cpu": spent / calls,
    }
    if memory := peak_memory():
        report["peak_memory"] = memory
    print(json.dumps(report))


if __name__ == "__main__":
    main()
