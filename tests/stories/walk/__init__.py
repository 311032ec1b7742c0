"""A machine that does anything anybody might do with purchases, in any order, through the real operations.

A module for each who acts. The worker's deliveries are handed out one at a time and not in the order they came,
as several workers would. Refusals are answers; any other error, and any delivery that fails, is a fault. What must
hold is in `tests.stories.holds`.
"""

from tests.stories.walk.asking import ITEMS, Asking
from tests.stories.walk.base import PEOPLE
from tests.stories.walk.books import Books
from tests.stories.walk.clerk import Clerk
from tests.stories.walk.credits import Credits
from tests.stories.walk.goods import Goods
from tests.stories.walk.keepers import Keepers
from tests.stories.walk.letters import response_xml
from tests.stories.walk.ordering import Ordering
from tests.stories.walk.region import widen
from tests.stories.walk.seller import Seller
from tests.stories.walk.taking_over import TakingOver

__all__ = ["ITEMS", "PEOPLE", "Walk", "response_xml", "widen"]


class Walk(Asking, Ordering, TakingOver, Goods, Seller, Credits, Clerk, Keepers, Books):
    """Anybody does anything."""
