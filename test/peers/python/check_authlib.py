"""Gets tokens with Authlib and calls the emulator with them. Prints the version of Authlib."""

import json
import os
import time

import authlib
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt

ISSUER = os.environ["ISSUER"]
SCOPE = "openid urn:zitadel:iam:org:project:id:zitadel:aud"


def check_token(endpoints, token):
    keys = JsonWebKey.import_key_set(requests.get(endpoints["jwks_uri"], timeout=20).json())
    claims = jwt.decode(token["id_token"], keys)
    assert claims["iss"] == ISSUER and claims["azp"] == os.environ["CLIENT_ID"], claims
    headers = {"authorization": f"Bearer {token['access_token']}"}
    response = requests.get(f"{ISSUER}/management/v1/policies/login", headers=headers, timeout=20)
    assert response.status_code == 200, response.text


def main():
    endpoints = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=20).json()
    session = OAuth2Session(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"], scope=SCOPE)
    check_token(endpoints, session.fetch_token(endpoints["token_endpoint"], grant_type="client_credentials"))

    key_file = json.loads(os.environ["KEY_FILE"])
    now = int(time.time())
    claims = {"iss": key_file["userId"], "sub": key_file["userId"], "aud": ISSUER, "iat": now, "exp": now + 60}
    assertion = jwt.encode({"alg": "RS256", "kid": key_file["keyId"]}, claims, key_file["key"])
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": assertion.decode(),
        "scope": SCOPE,
    }
    check_token(endpoints, requests.post(endpoints["token_endpoint"], data=form, timeout=20).json())
    print(authlib.__version__)


main()
