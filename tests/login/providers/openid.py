"""An OpenID provider: Authlib's server with PKCE, behind a form where one says who one is.

Run as `python -m tests.login.providers.openid PORT`. It knows one client, and claims whatever its
form is given, as any provider may: that is what the tests of attacks need.
"""

import json
import sys
import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, request
from joserfc.jwk import RSAKey
from markupsafe import Markup

from tests.login.providers.claims import CLIENT_ID, CLIENT_SECRET

PORT = int(sys.argv[1])
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
CODES: dict[str, "Code"] = {}
TOKENS: dict[str, dict[str, Any]] = {}
FORM = Markup(
    """<!doctype html><html lang="sv"><title>Logga in</title><h1>Kommunens inloggning</h1>
    <form method="post">{}<button>Logga in</button></form></html>"""
)
FIELDS = ("sub", "name", "email", "acr")


class Relying:
    """The one client."""

    def get_client_id(self):
        return CLIENT_ID

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.endswith("/login/callback/")

    def check_client_secret(self, client_secret):
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method in ("client_secret_post", "client_secret_basic")

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"

    @property
    def id_token_signed_response_alg(self):
        return "RS256"


class Code:
    def __init__(self, code, asked, person):
        self.code, self.person = code, person
        payload = asked.payload
        self.redirect_uri, self.scope = payload.redirect_uri, payload.scope
        self.code_challenge = payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")
        self.nonce = payload.data.get("nonce")

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return int(time.time())

    def get_acr(self):
        return self.person["acr"] or None

    def get_amr(self):
        return ["pwd"]


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post", "client_secret_basic")

    def save_authorization_code(self, code, request):
        CODES[code] = Code(code, request, request.user)

    def query_authorization_code(self, code, client):
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code):
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return authorization_code.person


class IdToken(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return False

    def get_client_claims(self, client):
        return {"iss": ISSUER, "aud": [CLIENT_ID]}

    def get_client_algorithm(self, client):
        return "RS256"

    def resolve_client_private_key(self, client):
        return KEY

    def get_encode_header(self, client):
        return {"alg": "RS256", "kid": "first"}

    def generate_user_info(self, user, scope):
        return UserInfo(sub=user["sub"], name=user["name"], email=user["email"])


def keep(token, request):
    TOKENS[token["access_token"]] = request.user


app = Flask(__name__)
server = AuthorizationServer(app, lambda _client_id: Relying(), keep)
server.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken()])


@app.get("/.well-known/openid-configuration")
def configuration():
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "jwks_uri": f"{ISSUER}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    if request.method == "POST":
        person = {field: request.form.get(field, "") for field in FIELDS}
        grant = server.get_consent_grant(end_user=person)
        return server.create_authorization_response(grant_user=person, grant=grant)
    server.get_consent_grant(end_user=None)
    inputs = Markup("").join(
        Markup('<label>{0} <input name="{0}"></label>').format(field) for field in FIELDS
    )
    return FORM.format(inputs)


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/userinfo")
def userinfo():
    person = TOKENS[request.headers["Authorization"].removeprefix("Bearer ")]
    # As a broken or hostile provider might: about somebody else than the ID token.
    about = {**person, "sub": "somebody-else"} if person["name"] == "Växlad" else person
    return app.response_class(json.dumps(about), mimetype="application/json")


@app.get("/keys")
def keys():
    return {"keys": [KEY.as_dict(private=False)]}


if __name__ == "__main__":
    app.run("127.0.0.1", PORT)
