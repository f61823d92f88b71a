"""Access tokens over HTTP."""

from __future__ import annotations

from starlette.responses import Response

from aelus.entrypoints.http import identity_models as models
from aelus.entrypoints.http.access import credential_of
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.models import NoParameters


async def issue(call: Call[NoParameters, models.NewToken]) -> models.TokenAnswer:
    text, token = await call.use.issue_token()(call.principal, scopes=call.body.scopes, lasts_s=call.body.expires_in)
    return models.TokenAnswer(access_token=text, expires_in=call.body.expires_in, scope=" ".join(sorted(token.scopes)))


async def revoke(call: Call[NoParameters, models.TokenToRevoke]) -> Response:
    named = call.body.token
    await call.use.revoke_token()(call.principal, named.get_secret_value() if named else credential_of(call.request))
    call.use.authenticate().forget()
    return Response(status_code=204)
