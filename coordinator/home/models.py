"""Who has put the first steps away."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime


class HiddenFirstSteps(Model):
    """A person whose first page no longer lists what is still to set up."""

    __tablename__ = "hidden_first_steps"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    hidden_at: Mapped[datetime] = mapped_column(UtcDateTime)
