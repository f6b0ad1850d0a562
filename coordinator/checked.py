"""Data classes whose content is checked when it is read: from a file, a form, or kept JSON.

pydantic checks them. It takes memory and a tenth of the start, and no everyday page reads such
content, so a process loads it when it reads or writes one for the first time.
"""

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self, dataclass_transform


class Limits:
    """What a value in `Annotated` has to keep to, in the words of pydantic_core's schemas.

    `before` is called with the value before that, and may raise ValueError.
    """

    def __init__(self, before: Callable[[object], object] | None = None, **limits: object) -> None:
        self._before, self._limits = before, limits

    def __get_pydantic_core_schema__(
        self, source: object, handler: Callable[[object], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return the schema of the value with these limits: pydantic asks for it."""
        schema = {**handler(source), **self._limits}
        if self._before is None:
            return schema
        function = {"type": "no-info", "function": self._before}
        return {"type": "function-before", "function": function, "schema": schema}


class Unfit(ValueError):
    """The content is not what the class says; `faults` as pydantic lists them."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def _as_written(name: str) -> str:
    return name.removesuffix("_")


@dataclass(frozen=True)
@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class CheckedData:
    """Base of these classes: each is a frozen data class, and a name it does not know is a fault.

    A field named like a word of Python ends in `_`, which is not written. The constructor checks
    nothing: what people wrote goes through `checked`, `made` or `from_json`.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": _as_written,
    }

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    @functools.cache
    def _checker(cls) -> Any:
        return importlib.import_module("pydantic").TypeAdapter(cls)

    @classmethod
    def _read(cls, form: Literal["python", "json"], content: object) -> Self:
        try:
            found: Self = getattr(cls._checker(), f"validate_{form}")(content)
        except importlib.import_module("pydantic").ValidationError as error:
            raise Unfit(error.errors(include_url=False, include_input=False)) from error
        return found

    @classmethod
    def checked(cls, values: object) -> Self:
        """Return the values of a file or a form as this class. Raises Unfit."""
        return cls._read("python", values)

    @classmethod
    def made(cls, **values: object) -> Self:
        """Return `checked` of values that the caller names. Raises Unfit."""
        return cls.checked(values)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return what a JSON text says as this class. Raises Unfit."""
        return cls._read("json", text)

    def to_json(self, indent: int | None = None) -> str:
        """Return the content as JSON."""
        return str(self._checker().dump_json(self, indent=indent, by_alias=True), "utf-8")

    def to_plain(
        self, mode: Literal["json", "python"] = "json", *, exclude_defaults: bool = False
    ) -> dict[str, Any]:
        """Return the content as JSON (or Python) knows it, if asked without what is a default."""
        found: dict[str, Any] = self._checker().dump_python(
            self, mode=mode, by_alias=True, exclude_defaults=exclude_defaults
        )
        return found
