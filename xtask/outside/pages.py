"""Compares how generated clients and botocore turn pages.

usage: pages.py [--cases=N] [--seed=S] --data DATA PROGRAM "SERVICE OPERATION"...

PROGRAM reads a line of JSON for each case and prints the requests that the client sent, its items, the items of botocore as
the client writes them, and how it ended. Responses are drawn at random from the shapes of the model. Their tokens are
different from each other, but some responses repeat the token before. A case may ask for a number of items. botocore's
paginator gets the same responses; its first list of items is compared.
"""

import argparse
import copy
import json
import random
import re
import subprocess
import sys

import botocore.exceptions
import botocore.loaders
import botocore.model
import botocore.paginate

DEPTH = 4
MOST_PAGES = 6


class Drawing:
    """Values of shapes, in which no text is twice."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def text(self):
        self.count += 1
        return f"t{self.count}"

    def value(self, shape, depth=0):
        kind = shape.type_name
        if kind == "structure":
            return self.members(shape, depth)
        # Empty lists are not written in every protocol.
        if kind == "list":
            count = self.random.choice([1, 1, 2, 3]) if depth < DEPTH else 1
            return [self.value(shape.member, depth + 1) for _ in range(count)]
        if kind == "map":
            return {self.text(): self.value(shape.value, depth + 1) for _ in range(self.random.choice([1, 2]))}
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in ("integer", "long", "short", "byte"):
            return self.random.randint(1, 100)
        if kind in ("float", "double"):
            return self.random.choice([0.5, 1.5, 2.5])
        if kind == "timestamp":
            return 1767225600
        if kind == "blob":
            return "eA=="
        if shape.serialization.get("jsonvalue"):
            return "{}"
        return self.random.choice(getattr(shape, "enum", None) or [self.text()])

    def members(self, shape, depth):
        names = [name for name in shape.members if self.is_there(shape, name, depth)]
        if getattr(shape, "is_tagged_union", False) or set(shape.members) >= {"S", "N", "BOOL"}:
            scalars = [name for name in shape.members if name in ("S", "N", "BOOL")]
            names = [self.random.choice(scalars or list(shape.members))]
        return {name: self.value(shape.members[name], depth + 1) for name in names}

    def is_there(self, shape, name, depth):
        if name in shape.required_members:
            return True
        return depth < DEPTH and self.random.random() < 0.8


def listed(value):
    return value if isinstance(value, list) else [value]


def shape_at(shape, path):
    for name in path.split("."):
        shape = shape.members[name]
    return shape


def put(response, path, value):
    """Sets what a plain path names; `None` removes it."""
    *outer, last = path.split(".")
    for name in outer:
        response = response.setdefault(name, {})
    if value is None:
        response.pop(last, None)
    else:
        response[last] = value


def is_path(text):
    return re.fullmatch(r"[\w.]+", text)


# botocore raises an error at an empty page that repeats the token before; our items end there (decision 0023).
EMPTY = "repeated by an empty page"


def token(shape, drawing):
    if shape.type_name in ("integer", "long"):
        drawing.count += 1
        return drawing.count
    if shape.type_name == "string" and not getattr(shape, "enum", None):
        return drawing.text()
    return drawing.value(shape)


def scripted(shape, config, drawing):
    """Responses, the last of which names no other page."""
    draw = drawing.random
    tokens = [path for path in listed(config["output_token"]) if is_path(path)]
    pages = []
    before = {}
    for left in reversed(range(draw.randint(1, MOST_PAGES))):
        response = drawing.value(shape)
        more = config.get("more_results")
        if more and draw.random() < 0.95:
            put(response, more, left > 0 and draw.random() < 0.9)
        elif more and left == 0:
            put(response, more, None)
        repeats = before and draw.random() < 0.05
        for path in tokens:
            kept = before.get(path) if repeats else token(shape_at(shape, path), drawing)
            # Some parts of a token may be absent.
            if len(tokens) > 1 and draw.random() < 0.2 and not repeats:
                kept = None
            if left == 0 and not (more and draw.random() < 0.5):
                is_text = shape_at(shape, path).type_name == "string" and not getattr(shape_at(shape, path), "enum", None)
                kept = "" if is_text and draw.random() < 0.2 else None
            put(response, path, kept)
            before[path] = kept
        if left == 0 and not more:
            for path in set(listed(config["output_token"])) - set(tokens):
                raise SystemExit(f"the end of pages with {path} is not known")
        pages.append(response)
    return pages


def listed_items(found):
    """What botocore has of a page: its first list, or the pairs of a map in the order of their keys."""
    if isinstance(found, dict):
        return [[key, found[key]] for key in sorted(found)]
    return found if isinstance(found, list) else []


def turned(operation, config, pages, limit):
    """The requests, items and end of botocore."""
    calls = []

    def method(**parameters):
        calls.append(copy.deepcopy(parameters))
        if len(calls) > len(pages):
            raise SystemExit(f"botocore asks for more pages of {operation.name} than there are")
        return copy.deepcopy(pages[len(calls) - 1])

    paginator = botocore.paginate.Paginator(method, config, operation)
    settings = {"MaxItems": limit} if limit else {}
    pages_of_botocore = paginator.paginate(PaginationConfig=settings)
    items, end = [], "end"
    try:
        for page in pages_of_botocore:
            if paginator.result_keys:
                items += listed_items(paginator.result_keys[0].search(page))
    except botocore.exceptions.PaginationError:
        end = "repeated"
        keys = paginator.result_keys
        if keys and not listed_items(keys[0].search(pages[len(calls) - 1])):
            end = EMPTY
    return calls, items, end


def cases(data, names, count, seed):
    loader = botocore.loaders.Loader(extra_search_paths=[data])
    for name in names:
        service, operation = name.split()
        model = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"))
        config = loader.load_service_model(service, "paginators-1")["pagination"][operation]
        operation = model.operation_model(operation)
        shape = operation.output_shape
        drawing = Drawing(f"{seed} {name}")
        first = (listed(config["result_key"]) or [None])[0]
        has_items = first and shape_at(shape, first).type_name == "list"
        for _ in range(count):
            pages = scripted(shape, config, drawing)
            limit = drawing.random.randint(1, 8) if has_items and drawing.random.random() < 0.4 else None
            calls, items, end = turned(operation, config, pages, limit)
            case = {"name": name, "pages": pages, "items": items, "limit": limit}
            yield case, [{key: call.get(key) for key in listed(config["input_token"])} for call in calls], end


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", default="attache")
    parser.add_argument("--data", required=True)
    parser.add_argument("program")
    parser.add_argument("operations", nargs="+")
    arguments = parser.parse_args()
    drawn = list(cases(arguments.data, arguments.operations, arguments.cases, arguments.seed))
    lines = "".join(json.dumps(case) + "\n" for case, *_ in drawn)
    ran = subprocess.run([arguments.program], input=lines, text=True, stdout=subprocess.PIPE, check=False)
    answers = ran.stdout.splitlines()
    if ran.returncode or len(answers) != len(drawn):
        sys.exit(f"the program stopped after {len(answers)} of {len(drawn)} cases")
    differ, known, pages, items, ends = 0, 0, 0, 0, set()
    for (case, requests, end), answer in zip(drawn, answers):
        ours = json.loads(answer)
        tokens = [{key: request.get(key) for key in requests[0]} for request in ours["requests"]]
        pages, items = pages + len(requests), items + len(ours["items"])
        if end == EMPTY:
            known += ours["end"] == "end"
            end = ours["end"]
        ends.add(end)
        if (tokens, ours["items"], ours["end"]) != (requests, ours["expected"], end):
            differ += 1
            if differ <= 10:
                print(f"{json.dumps(case)[:1500]}\n  botocore: {requests} {end} {json.dumps(ours['expected'])[:600]}")
                print(f"  ours:     {tokens} {ours['end']} {json.dumps(ours['items'])[:600]}")
    print(
        f"{len(arguments.operations)} operations, {len(drawn)} cases, {pages} pages, {items} items; {known} cases end at an "
        f"empty page where botocore raises an error, {differ} others differ"
    )
    missing = {"end", "repeated"} - ends
    if missing:
        print(f"no case is expected to be {', '.join(sorted(missing))}")
    # Another status than that of an uncaught exception.
    sys.exit(3 if differ or missing else 0)


if __name__ == "__main__":
    main()
