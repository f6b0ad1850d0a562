"""Parameter types of the shell commands, checked in one place; a bad value is exit code 2."""

import re
from datetime import date
from typing import Any

import click

import config

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
CODE = re.compile(r"\d{2}(\.\d{2})?", re.ASCII)


class _Address(click.ParamType[str]):
    name = "alamat email"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return an address as the outbox keeps it. A host of the own network will do."""
        if not config.is_address(str(value)):
            self.fail(
                f"{value!r} bukan alamat email. Tulis seperti narahubung@dispora.go.id.", param, ctx
            )
        return str(value).strip().casefold()


class _Day(click.ParamType[date]):
    name = "tanggal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return a day that can be meant."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} bukan tanggal. Tulis seperti 2026-10-13.", param, ctx)
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail(f"{value} di luar tahun 2000 sampai 2100.", param, ctx)
        return day


class _Code(click.ParamType[str]):
    name = "kode"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return a task force's code in the shape of Kemendagri's."""
        if not CODE.fullmatch(str(value)):
            self.fail(f"{value!r} bukan kode gugus tugas. Tulis seperti 64 atau 64.71.", param, ctx)
        return str(value)


ADDRESS, DAY, TASK_FORCE_CODE = _Address(), _Day(), _Code()
