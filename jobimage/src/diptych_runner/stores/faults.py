"""From what boto3 raises to a StoreError that says what to do.

Of a server's answer only the status, the error's code and a region get into a message: the rest
of it may repeat what was sent.
"""

import re
from typing import Any, Dict, Optional

from diptych_runner.stores.errors import StoreError, StoreUnreachable

_CODE = re.compile(r"\A[A-Za-z0-9._-]{1,64}\Z")
_REGION = re.compile(r"\A[a-z0-9-]{1,32}\Z")

_KEYS = (
    "check the access key and its secret (AWS_ACCESS_KEY_ID, ~/.aws/credentials; in a cluster the "
    "store's Secret)"
)
_EXPIRED = "the credentials have expired; renew them (such as by `aws sso login`) and run again"
_REGION_WRONG = "the bucket is in another region{}; set spec.storage.region or AWS_REGION"
_DENIED = "these credentials may not do this; docs/storage.md lists the permissions that are needed"
_NO_BUCKET = "there is no such bucket; make it, or correct the address"
_LATER = "the server is overloaded or failing; run again later"
_CLOCK = "this machine's clock differs from the server's by too much; set it (NTP) and run again"
_TOO_LARGE = "a file is larger than this server takes in one upload; keep fewer checkpoints"

_ADVICE = {
    "AccessDenied": _DENIED,
    "AllAccessDisabled": _DENIED,
    "AuthorizationHeaderMalformed": _REGION_WRONG,
    "EntityTooLarge": _TOO_LARGE,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "IllegalLocationConstraintException": _REGION_WRONG,
    "InvalidAccessKeyId": _KEYS,
    "InvalidBucketName": "this is no name for a bucket; correct the address",
    "InvalidToken": "the session token is not valid; renew the credentials and run again",
    "NoSuchBucket": _NO_BUCKET,
    "PermanentRedirect": _REGION_WRONG,
    "RequestExpired": _CLOCK,
    "RequestTimeTooSkewed": _CLOCK,
    "SignatureDoesNotMatch": _KEYS,
    "TokenRefreshRequired": _EXPIRED,
    "XMinioInvalidRegion": _REGION_WRONG,
}

#: For answers without a code, and codes that are not in the table.
_ADVICE_BY_STATUS = {
    301: _REGION_WRONG,
    401: _KEYS,
    403: _DENIED,
    404: _NO_BUCKET,
    413: _TOO_LARGE,
    429: _LATER,
}

#: What boto3 raises before or without an answer, by the exception's name.
_ADVICE_WITHOUT_ANSWER = {
    "ConnectTimeoutError": "no answer; is the server up, and the endpoint right?",
    "ConnectionClosedError": "the connection broke; run again when the server is up",
    "EndpointConnectionError": "no answer; is the server up, and the endpoint right?",
    "ProxyConnectionError": "the proxy gives no answer; check HTTPS_PROXY and NO_PROXY",
    "ReadTimeoutError": "no answer in time; run again when the server is up",
    "SSLError": "its certificate is not trusted; give the authority's certificate in AWS_CA_BUNDLE",
}

_ADVICE_ON_CREDENTIALS = {
    "NoCredentialsError": "no credentials were found; set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "PartialCredentialsError": "the credentials are incomplete; " + _KEYS,
    "ProfileNotFound": "there is no such profile; check AWS_PROFILE and ~/.aws/config",
    "SSOTokenLoadError": _EXPIRED,
    "TokenRetrievalError": _EXPIRED,
    "UnauthorizedSSOTokenError": _EXPIRED,
    "CredentialRetrievalError": "the credentials could not be fetched; check AWS_PROFILE, "
    "the web identity's token and its role",
    "ParamValidationError": "this is no address of a bucket and a key; correct it",
}


def status_of(error: Exception) -> Optional[int]:
    """Return the HTTP status of an answer; None when there was no answer."""
    status = _response(error).get("ResponseMetadata", {}).get("HTTPStatusCode")
    return int(status) if status is not None else None


def code_of(error: Exception) -> str:
    """Return the error's code in an answer, or an empty string."""
    code = str(_response(error).get("Error", {}).get("Code", ""))
    return code if _CODE.match(code) else ""


def translated(
    error: Exception, uri: str, operation: str, endpoint: Optional[str] = None
) -> StoreError:
    """Return the StoreError that tells a person what an error of boto3 means.

    `endpoint` is that of the settings, which were checked: no password is in it.
    """
    status, kind = status_of(error), type(error).__name__
    if status is None:
        if kind in _ADVICE_ON_CREDENTIALS:
            advice = _ADVICE_ON_CREDENTIALS[kind]
            return StoreError("{}: {} failed: {}".format(uri, operation, advice))
        advice = _ADVICE_WITHOUT_ANSWER.get(kind, "the answer could not be read")
        asked = operation if endpoint is None else "{} at {}".format(operation, endpoint)
        return StoreUnreachable("{}: {} failed ({}): {}".format(uri, asked, kind, advice))
    code = code_of(error)
    named = "HTTP {} {}".format(status, "" if code == str(status) else code).strip()
    message = "{}: {} failed with {}: {}".format(uri, operation, named, _advice(error, status))
    return StoreUnreachable(message) if status >= 500 or status == 429 else StoreError(message)


def _advice(error: Exception, status: int) -> str:
    advice = _ADVICE.get(code_of(error)) or _ADVICE_BY_STATUS.get(status)
    if advice is None:
        advice = _LATER if status >= 500 else "the server did not say more that helps"
    return advice.format(_expected_region(error)) if advice is _REGION_WRONG else advice


def _expected_region(error: Exception) -> str:
    response = _response(error)
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    for found in (response.get("Error", {}).get("Region"), headers.get("x-amz-bucket-region")):
        if found and _REGION.match(str(found)):
            return " ({})".format(found)
    return ""


def _response(error: Exception) -> Dict[str, Any]:
    response = getattr(error, "response", None)
    return response if isinstance(response, dict) else {}
