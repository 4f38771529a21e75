"""A calculator with a memory: FastAPI in front, SQLite behind, one page to look at."""

import ast
import math
import operator
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse
from pydantic import BaseModel

HERE = Path(__file__).resolve().parent
DATABASE = Path(os.environ.get("CALCULATOR_DB", HERE / "calculator.db"))

LONGEST_EXPRESSION = 200
DEEPEST_NESTING = 50

BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos}


class NotArithmetic(ValueError):
    """The text is no expression of numbers, + - * / and parentheses, or has no finite value."""


def calculate(text):
    """The value of an arithmetic expression. Nothing but the node types named here is ever evaluated."""
    if len(text) > LONGEST_EXPRESSION:
        raise NotArithmetic(f"The expression is longer than {LONGEST_EXPRESSION} characters.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        value = _value(tree.body, 0)
    except ZeroDivisionError:
        raise NotArithmetic("Division by zero.") from None
    except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        if isinstance(error, NotArithmetic):
            raise
        raise NotArithmetic("Only numbers, + - * / and parentheses are understood.") from None
    if not math.isfinite(value):
        raise NotArithmetic("The result is too large.")
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _value(node, depth):
    if depth > DEEPEST_NESTING:
        raise NotArithmetic("The expression is nested too deeply.")
    # bool is a kind of int, and 1j is a number too: the exact types are meant.
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        return BINARY[type(node.op)](_value(node.left, depth + 1), _value(node.right, depth + 1))
    if isinstance(node, ast.UnaryOp) and type(node.op) in UNARY:
        return UNARY[type(node.op)](_value(node.operand, depth + 1))
    raise NotArithmetic("Only numbers, + - * / and parentheses are understood.")


def connect():
    connection = sqlite3.connect(DATABASE)
    connection.row_factory = sqlite3.Row
    connection.execute(
        "CREATE TABLE IF NOT EXISTS history"
        " (id INTEGER PRIMARY KEY AUTOINCREMENT, expression TEXT NOT NULL, result TEXT NOT NULL, timestamp TEXT NOT NULL)"
    )
    return connection


def number(text):
    """A result is kept as text, because SQLite's integers end at 64 bits and Python's do not."""
    return float(text) if any(sign in text for sign in ".en") else int(text)


class Question(BaseModel):
    expression: str


app = FastAPI(title="Calculator")


@app.get("/health")
def health():
    with closing(connect()) as database:
        count = database.execute("SELECT count(*) FROM history").fetchone()[0]
    return {"status": "ok", "calculations": count}


@app.post("/api/calculate")
def post_calculation(question: Question):
    try:
        result = calculate(question.expression)
    except NotArithmetic as error:
        raise HTTPException(status_code=400, detail=str(error)) from None
    expression = question.expression.strip()
    timestamp = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    with closing(connect()) as database, database:
        row = database.execute(
            "INSERT INTO history (expression, result, timestamp) VALUES (?, ?, ?)", (expression, repr(result), timestamp)
        )
    return {"id": row.lastrowid, "expression": expression, "result": result, "timestamp": timestamp}


@app.get("/api/history")
def get_history():
    """What was calculated, the latest first."""
    with closing(connect()) as database:
        rows = database.execute("SELECT id, expression, result, timestamp FROM history ORDER BY id DESC LIMIT 100").fetchall()
    return [{**dict(row), "result": number(row["result"])} for row in rows]


@app.delete("/api/history")
def delete_history():
    with closing(connect()) as database, database:
        deleted = database.execute("DELETE FROM history").rowcount
    return {"deleted": deleted}


@app.get("/", include_in_schema=False)
def page():
    return FileResponse(HERE / "index.html")
