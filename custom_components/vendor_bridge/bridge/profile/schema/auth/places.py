"""Where a credential stands in a request."""

from typing import Literal

# No `type` statement: probatio takes what that makes for anything at all.
Places = Literal["header", "query", "cookie", "none"]

PLACE_HELP = "Where it goes. With `none`, only where requests name it, as in `/api/{auth.…}/x`."
