"""A SAML identity provider: pysaml2's server, behind a form where one says who one is.

Run as `python -m tests.login.providers.saml PORT FOLDER`; the folder holds `key.pem` and
`certificate.pem`. It trusts whoever posts metadata to /trust, and claims whatever its form is
given, as any provider may.
"""

import sys
from typing import Any

import xmlsec
from flask import Flask, request
from lxml import etree
from markupsafe import Markup
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT, NameID
from saml2.server import Server
from saml2.sigver import CryptoBackend

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
ENTITY = f"http://127.0.0.1:{PORT}/metadata"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
FORM = Markup(
    """<!doctype html><html lang="sv"><title>Logga in</title><h1>Lärosätets inloggning</h1>
    <form method="post" action="/login">{}<button>Logga in</button></form></html>"""
)
FIELDS = ("subject", "name", "email", "context", "format")


class SignedInProcess(CryptoBackend):
    """pysaml2 would call the program xmlsec1; the library behind it is a wheel."""

    def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:
        written = statement if isinstance(statement, bytes) else str(statement).encode()
        root = etree.fromstring(written)
        xmlsec.tree.add_ids(root, ["ID"])
        [owner] = root.xpath("//*[@ID=$id]", id=node_id)
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(key_file, xmlsec.constants.KeyDataFormatPem)
        context.sign(owner.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        signed: str = etree.tostring(root).decode()
        return signed


def start() -> Server:
    config = IdPConfig().load(
        {
            "entityid": ENTITY,
            "key_file": f"{FOLDER}/key.pem",
            "cert_file": f"{FOLDER}/certificate.pem",
            "xmlsec_binary": sys.executable,  # asked for, never called
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [
                            (f"http://127.0.0.1:{PORT}/sso", BINDING_HTTP_REDIRECT)
                        ]
                    },
                    "policy": {
                        "default": {
                            "lifetime": {"minutes": 5},
                            "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                        }
                    },
                }
            },
        }
    )
    server = Server(config=config)
    server.sec.crypto = SignedInProcess()
    return server


app = Flask(__name__)
server = start()


@app.post("/trust")
def trust() -> str:
    server.metadata = server.config.load_metadata({"inline": [request.get_data(as_text=True)]})
    return "ok"


@app.get("/sso")
def sso() -> str:
    hidden = Markup('<input type="hidden" name="request" value="{}">').format(
        request.args["SAMLRequest"]
    )
    inputs = Markup("").join(
        Markup('<label>{0} <input name="{0}"></label>').format(field) for field in FIELDS
    )
    return FORM.format(hidden + inputs)


@app.post("/login")
def login() -> str:
    said = request.form
    asked = server.parse_authn_request(said["request"], BINDING_HTTP_REDIRECT).message
    where = server.response_args(asked, [BINDING_HTTP_POST])
    transient = said.get("format") == "transient"
    attributes = {"displayName": said["name"], "mail": said["email"]}
    if not transient and said.get("format") != "persistent":
        attributes["subject-id"] = said["subject"]
    answer = server.create_authn_response(
        identity=attributes,
        name_id=NameID(
            format=NAMEID_FORMAT_TRANSIENT if transient else NAMEID_FORMAT_PERSISTENT,
            text=said["subject"],
        ),
        authn={"class_ref": said.get("context") or PASSWORD},
        sign_assertion=True,
        sign_response=False,
        sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest_alg="http://www.w3.org/2001/04/xmlenc#sha256",
        **where,
    )
    page = server.apply_binding(
        BINDING_HTTP_POST, str(answer), where["destination"], "", response=True
    )
    html: str = page["data"]
    return html


if __name__ == "__main__":
    app.run("127.0.0.1", PORT)
