"""What happened. Past tense, frozen, never renamed once released; every event reads as a sentence.

Each subject has its own module, which says in its `__all__` what it adds; everybody reads them from here:
`from app.domain import events as e`.
"""

from app.domain.account_events import *  # noqa: F403
from app.domain.aftersale_events import *  # noqa: F403
from app.domain.amendment import *  # noqa: F403
from app.domain.bell_events import *  # noqa: F403
from app.domain.billing_events import *  # noqa: F403
from app.domain.carrier_events import *  # noqa: F403
from app.domain.class_events import *  # noqa: F403
from app.domain.company_events import *  # noqa: F403
from app.domain.contract_events import *  # noqa: F403
from app.domain.drill_events import *  # noqa: F403
from app.domain.duty_events import *  # noqa: F403
from app.domain.effect_events import *  # noqa: F403
from app.domain.event import *  # noqa: F403
from app.domain.floor_events import *  # noqa: F403
from app.domain.goods_events import *  # noqa: F403
from app.domain.handover_events import *  # noqa: F403
from app.domain.line_events import *  # noqa: F403
from app.domain.load_events import *  # noqa: F403
from app.domain.lot_events import *  # noqa: F403
from app.domain.memo_events import *  # noqa: F403
from app.domain.message_events import *  # noqa: F403
from app.domain.money_events import *  # noqa: F403
from app.domain.order_events import *  # noqa: F403
from app.domain.refusal_events import *  # noqa: F403
from app.domain.relation_events import *  # noqa: F403
from app.domain.review_events import *  # noqa: F403
from app.domain.scan_events import *  # noqa: F403
from app.domain.snag_events import *  # noqa: F403
from app.domain.stock_events import *  # noqa: F403
from app.domain.training_events import *  # noqa: F403
from app.domain.visit_events import *  # noqa: F403
from app.domain.waiver_events import *  # noqa: F403
from app.domain.waybill_events import *  # noqa: F403
