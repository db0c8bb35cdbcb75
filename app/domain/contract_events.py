"""What happened to the contracts of an order."""

from __future__ import annotations

from typing_extensions import override

from app.domain.contract import Contract, Terms
from app.domain.event import Event
from app.text import N_, Text

__all__ = ["ContractSent", "ContractSigned", "ContractTakenBack", "TermsRestored"]


class ContractSent(Event, frozen=True, kw_only=True):
    order: str
    contract: Contract

    @override
    def says(self) -> Text:
        return Text(N_("Contract {code} sent"), {"code": self.contract.digest[:8]})


class ContractSigned(Event, frozen=True, kw_only=True):
    """The signed file came back; `contract` says which and when."""

    order: str
    contract: Contract

    @override
    def says(self) -> Text:
        return Text(
            N_("Contract {code} signed, file {file}"),
            {"code": self.contract.digest[:8], "file": self.contract.file_sha256[:8]},
        )


class ContractTakenBack(Event, frozen=True, kw_only=True):
    """The last step of a contract was a mistake: it is not signed, or was not sent."""

    order: str
    contract: Contract
    is_unsent: bool

    @override
    def says(self) -> Text:
        words = N_("Contract {code} was not sent") if self.is_unsent else N_("Contract {code} is not signed")
        return Text(words, {"code": self.contract.digest[:8]})


class TermsRestored(Event, frozen=True, kw_only=True):
    """Articles, prices and terms are again what they were when something was signed, or before that."""

    order: str
    terms: Terms
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Articles, prices and terms set back to what was agreed"))
