"""Where a credential stands in a request."""

from typing import Literal

# No `type` statement: probatio takes what that makes for anything at all.
Places = Literal["header", "query", "cookie"]
