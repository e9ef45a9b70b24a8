"""Writes a service whose waiters compare expressions, for `waiters.py`.

usage: expressions.py [--cases=N] [--seed=S] --data DATA FOLDER

Each expression gets a waiter. The expressions are all that the waiters of the models below DATA have, each with the shape of its
response without the members that it does not name; those whose members fit together share an operation; those of paginators that are more than a path; and
random ones over a shape of our own, from a grammar of what is compiled, with the types that it needs.
"""

import argparse
import json
import pathlib
import random
import re

import botocore.loaders

RANDOM = 150

# The most members of a response: each case draws all of them.
MEMBERS = 12

# A shape with every type that expressions read.
OWN = {
    "Own": {
        "type": "structure",
        "members": {
            "text": {"shape": "Text"},
            "other": {"shape": "Text"},
            "state": {"shape": "State"},
            "count": {"shape": "Number"},
            "weight": {"shape": "Decimal"},
            "done": {"shape": "Flag"},
            "part": {"shape": "Part"},
            "parts": {"shape": "Parts"},
            "texts": {"shape": "Texts"},
            "named": {"shape": "Named"},
        },
    },
    "Part": {
        "type": "structure",
        "members": {
            "state": {"shape": "State"},
            "count": {"shape": "Number"},
            "done": {"shape": "Flag"},
            "texts": {"shape": "Texts"},
            "part": {"shape": "Part"},
            "parts": {"shape": "Parts"},
        },
    },
    "Text": {"type": "string"},
    "State": {"type": "string", "enum": ["x", "y"]},
    "Number": {"type": "integer"},
    "Decimal": {"type": "double"},
    "Flag": {"type": "boolean"},
    "Parts": {"type": "list", "member": {"shape": "Part"}},
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Named": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Part"}},
}

# What of a shape has a meaning for an expression.
KEPT = ("type", "required", "enum", "union", "jsonvalue")


class Grammar:
    """Random expressions of each type, at the response or at an element of `parts`."""

    def __init__(self, draw):
        self.draw = draw

    def pick(self, *choices):
        return self.draw.choice(choices)()

    def text(self, depth, is_part):
        plain = ["state"] if is_part else ["text", "other", "state", "part.state", "part.part.state"]
        choices = [lambda: self.draw.choice(plain), lambda: self.draw.choice(["'x'", "'y'", "'other'"])]
        if not is_part:
            choices.append(lambda: self.draw.choice(["texts[0]", "texts[-1]", "parts[-1].state", "parts[0].part.state"]))
        if depth:
            choices.append(lambda: f"({self.text(depth - 1, is_part)} || {self.text(depth - 1, is_part)})")
        return self.pick(*choices)

    def number(self, depth, is_part):
        plain = ["count"] if is_part else ["count", "part.count", "parts[-1].count"]
        return self.pick(
            lambda: self.draw.choice(plain),
            lambda: f"`{self.draw.choice([0, 1, 2])}`",
            lambda: f"length({self.listed(max(depth - 1, 0), is_part)})",
            lambda: f"length({self.draw.choice(['state', 'state'] if is_part else ['text', 'named', 'texts[]'])})",
        )

    def listed(self, depth, is_part):
        """A list of texts or structures."""
        choices = [
            lambda: self.texts(depth, is_part),
            lambda: "parts",
            lambda: "parts[]",
            lambda: f"parts[?{self.flag(max(depth - 1, 0), True)}]",
            lambda: "parts[].parts[]",
        ]
        if not is_part:
            choices += [lambda: "keys(named)", lambda: "named.*.parts[]"]
        return self.pick(*choices)

    def texts(self, depth, is_part):
        choices = [
            lambda: "texts",
            lambda: "parts[].state",
            lambda: "parts[*].state",
            lambda: "parts[].texts[]",
            lambda: f"parts[?{self.flag(max(depth - 1, 0), True)}].state",
            lambda: f"parts[?{self.flag(max(depth - 1, 0), True)}].part.state",
        ]
        if not is_part:
            choices += [lambda: "named.*.state", lambda: "keys(named)", lambda: "[text, other]", lambda: "named.*.texts[]"]
        return self.pick(*choices)

    def flag(self, depth, is_part):
        plain = ["done"] if is_part else ["done", "part.done", "parts[-1].done"]
        compared = [
            lambda: f"{self.number(depth, is_part)} {self.draw.choice(['==', '!=', '<', '<=', '>', '>='])} {self.number(depth, is_part)}",
            lambda: f"{self.text(depth, is_part)} {self.draw.choice(['==', '!='])} {self.text(depth, is_part)}",
            lambda: f"contains({self.texts(depth, is_part)}, {self.text(0, is_part)})",
            lambda: f"starts_with({self.text(0, is_part)}, {self.text(0, is_part)})",
            lambda: f"ends_with({self.text(0, is_part)}, {self.text(0, is_part)})",
        ]
        if depth == 0:
            return self.pick(lambda: self.draw.choice(plain), *compared)
        return self.pick(
            *compared,
            lambda: f"!({self.flag(depth - 1, is_part)})",
            lambda: f"({self.flag(depth - 1, is_part)}) && ({self.flag(depth - 1, is_part)})",
            lambda: f"({self.flag(depth - 1, is_part)}) || ({self.flag(depth - 1, is_part)})",
        )


class Service:
    """A service of botocore's form that grows by expressions."""

    def __init__(self):
        self.shapes = {"In": {"type": "structure", "members": {}}}
        # The members of each operation's response: what is below them, and whether they are required.
        self.responses = []
        self.waiters = {}
        self.seen = set()

    def add(self, shapes, output, matcher, argument, expected):
        """A waiter for the expression, unless there is one, of an operation whose response has the members."""
        names = set(re.findall(r"[A-Za-z_]\w*", argument))
        response = shapes[output]
        members = {}
        for name, member in response["members"].items():
            if name in names:
                kept = canonical(pruned(shapes, member["shape"], names))
                members[name] = (json.dumps(kept), name in response.get("required", ()))
        key = (argument, matcher, isinstance(expected, bool), json.dumps(members, sort_keys=True))
        if key in self.seen:
            return
        self.seen.add(key)
        number = next((at for at, there in enumerate(self.responses) if fits(there, members)), len(self.responses))
        if number == len(self.responses):
            self.responses.append({})
        self.responses[number].update(members)
        self.waiters[f"Wait{len(self.waiters)}"] = {
            "operation": f"Read{number}",
            "delay": 1,
            "maxAttempts": 1,
            "acceptors": acceptors(matcher, argument, expected),
            "description": "random" if shapes is OWN else "of a model",
        }

    def operations(self):
        """The operations; their shapes are added."""
        operations = {}
        for number, members in enumerate(self.responses):
            out = {"type": "structure", "members": {}, "required": []}
            for index, (name, (below, is_required)) in enumerate(members.items()):
                below = json.loads(below)
                names = {old: f"Shape{number}M{index}{old}" for old in below}
                self.shapes |= {names[old]: renamed(shape, names) for old, shape in below.items()}
                out["members"][name] = {"shape": names["N0"]}
                out["required"] += [name] if is_required else []
            self.shapes[f"Out{number}"] = out
            operations[f"Read{number}"] = {
                "name": f"Read{number}",
                "http": {"method": "POST", "requestUri": "/"},
                "input": {"shape": "In"},
                "output": {"shape": f"Out{number}"},
            }
        return operations

    def write(self, folder):
        folder.mkdir(parents=True)
        metadata = {
            "apiVersion": "2026-01-01",
            "endpointPrefix": "expressions",
            "jsonVersion": "1.1",
            "protocol": "json",
            "protocols": ["json"],
            "serviceFullName": "Expressions",
            "serviceId": "Expressions",
            "signatureVersion": "v4",
            "signingName": "expressions",
            "targetPrefix": "Expressions",
            "uid": "expressions-2026-01-01",
        }
        service = {"version": "2.0", "metadata": metadata, "operations": self.operations(), "shapes": self.shapes}
        (folder / "service-2.json").write_text(json.dumps(service))
        (folder / "waiters-2.json").write_text(json.dumps({"version": 2, "waiters": self.waiters}))


def fits(there, members):
    """Whether a response may have these members, too."""
    together = there | members
    return len(together) <= MEMBERS and all(together[name] == there[name] for name in there)


def acceptors(matcher, argument, expected):
    """The expected result, and another one, which makes three results distinct."""
    other = (not expected) if isinstance(expected, bool) else "x"
    acceptor = {"matcher": matcher, "argument": argument}
    return [dict(acceptor, expected=expected, state="success"), dict(acceptor, expected=other, state="failure")]


def references(shape):
    inner = list(shape.get("members", {}).values())
    return inner + [shape[key] for key in ("member", "key", "value") if key in shape]


def pruned(shapes, output, names):
    """The shapes below a response, with only the members that an expression names."""
    kept, left = {}, [output]
    while left:
        name = left.pop()
        if name in kept:
            continue
        shape = shapes[name]
        one = {key: shape[key] for key in KEPT if key in shape}
        # That it is an enum is of importance, not which.
        if "enum" in one:
            one["enum"] = ["x", "other"]
        for key in ("member", "key", "value"):
            if key in shape:
                one[key] = {"shape": shape[key]["shape"]}
        if "members" in shape:
            members = {key: {"shape": it["shape"]} for key, it in shape["members"].items() if key in names}
            one["members"] = members
            if "required" in shape:
                one["required"] = [key for key in shape["required"] if key in members]
        kept[name] = one
        left += [it["shape"] for it in references(one)]
    return kept


def canonical(shapes):
    """The same shapes with other names, in the order in which they are reached."""
    names = {name: f"N{index}" for index, name in enumerate(shapes)}
    return {names[name]: renamed(shape, names) for name, shape in shapes.items()}


def renamed(shape, names):
    shape = json.loads(json.dumps(shape))
    for reference in references(shape):
        reference["shape"] = names[reference["shape"]]
    return shape


def of_models(service, data):
    """The expressions of all models; their number."""
    loader = botocore.loaders.Loader(extra_search_paths=[data])
    count = 0
    for name in loader.list_available_services("waiters-2"):
        model = loader.load_service_model(name, "service-2")
        for waiter in loader.load_service_model(name, "waiters-2")["waiters"].values():
            output = model["operations"][waiter["operation"]].get("output")
            for acceptor in waiter["acceptors"]:
                if "argument" in acceptor and output:
                    count += 1
                    expected = acceptor["expected"]
                    service.add(model["shapes"], output["shape"], acceptor["matcher"], acceptor["argument"], expected)
    for name in loader.list_available_services("paginators-1"):
        model = loader.load_service_model(name, "service-2")
        for operation, pages in loader.load_service_model(name, "paginators-1")["pagination"].items():
            tokens = pages["output_token"]
            for token in tokens if isinstance(tokens, list) else [tokens]:
                if not re.fullmatch(r"[\w.]+", token):
                    count += 1
                    output = model["operations"][operation]["output"]["shape"]
                    service.add(model["shapes"], output, "path", token, "other")
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seed", default="attache")
    parser.add_argument("--data", required=True)
    parser.add_argument("folder")
    arguments = parser.parse_args()
    service = Service()
    count = of_models(service, arguments.data)
    distinct = len(service.waiters)
    grammar = Grammar(random.Random(f"expressions {arguments.seed}"))
    while len(service.waiters) < distinct + RANDOM:
        if grammar.draw.random() < 0.7:
            service.add(OWN, "Own", "path", grammar.flag(2, False), True)
        elif grammar.draw.random() < 0.5:
            service.add(OWN, "Own", "path", grammar.text(2, False), "other")
        else:
            matcher = grammar.draw.choice(["pathAll", "pathAny"])
            service.add(OWN, "Own", matcher, grammar.texts(2, False), "y")
    service.write(pathlib.Path(arguments.folder, "expressions", "2026-01-01"))
    print(f"{count} expressions of models, {distinct} of them different, and {RANDOM} random ones")


if __name__ == "__main__":
    main()
