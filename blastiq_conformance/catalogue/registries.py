"""The names that IANA's OAuth registries hold, with the JSON type of each that a server may answer.

From the page "OAuth Parameters" (https://www.iana.org/assignments/oauth-parameters/) as of 2026-03-25, its registries
"OAuth Authorization Server Metadata" and "OAuth Parameters", with two names of metadata that came later in that year.
What is not here no client need know, and what is here keeps its type (D50).
"""

from collections.abc import Mapping


def _typed(**names: str) -> Mapping[str, type]:
    kinds: dict[str, type] = {"text": str, "lists": list, "flags": bool, "objects": dict, "numbers": int}
    return {name: kinds[kind] for kind, row in names.items() for name in row.split()}


def _names(row: str) -> frozenset[str]:
    return frozenset(row.split())


# Members of a discovery document.
_METADATA = _typed(
    text="""
    issuer authorization_endpoint token_endpoint jwks_uri registration_endpoint service_documentation op_policy_uri
    op_tos_uri revocation_endpoint introspection_endpoint signed_metadata device_authorization_endpoint
    userinfo_endpoint pushed_authorization_request_endpoint check_session_iframe end_session_endpoint
    backchannel_authentication_endpoint federation_registration_endpoint signed_jwks_uri organization_name display_name
    description logo_uri information_uri organization_uri
    status_list_aggregation_endpoint
    """,
    lists="""
    scopes_supported response_types_supported response_modes_supported grant_types_supported
    token_endpoint_auth_methods_supported token_endpoint_auth_signing_alg_values_supported ui_locales_supported
    revocation_endpoint_auth_methods_supported revocation_endpoint_auth_signing_alg_values_supported
    introspection_endpoint_auth_methods_supported introspection_endpoint_auth_signing_alg_values_supported
    code_challenge_methods_supported nfv_token_signing_alg_values_supported nfv_token_encryption_alg_values_supported
    nfv_token_encryption_enc_values_supported acr_values_supported subject_types_supported
    id_token_signing_alg_values_supported id_token_encryption_alg_values_supported
    id_token_encryption_enc_values_supported userinfo_signing_alg_values_supported
    userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
    request_object_signing_alg_values_supported request_object_encryption_alg_values_supported
    request_object_encryption_enc_values_supported display_values_supported claim_types_supported claims_supported
    claims_locales_supported introspection_signing_alg_values_supported introspection_encryption_alg_values_supported
    introspection_encryption_enc_values_supported backchannel_token_delivery_modes_supported
    backchannel_authentication_request_signing_alg_values_supported authorization_details_types_supported
    dpop_signing_alg_values_supported client_registration_types_supported keywords contacts protected_resources
    identity_chaining_requested_token_types_supported
    """,
    flags="""
    tls_client_certificate_bound_access_tokens claims_parameter_supported request_parameter_supported
    request_uri_parameter_supported require_request_uri_registration require_signed_request_object
    require_pushed_authorization_requests authorization_response_iss_parameter_supported frontchannel_logout_supported
    backchannel_logout_supported backchannel_logout_session_supported backchannel_user_code_parameter_supported
    """,
    objects="mtls_endpoint_aliases jwks",
)
# OpenID Connect Front-Channel Logout 1.0 and Initiating User Registration 1.0 have these, and did not register them.
_UNREGISTERED = _typed(flags="frontchannel_logout_session_supported", lists="prompt_values_supported")
METADATA: Mapping[str, type] = {**_METADATA, **_UNREGISTERED}

# Members of an answer of the token endpoint.
TOKEN_RESPONSE = _typed(
    text="""
    access_token token_type refresh_token scope error error_description error_uri id_token session_state
    issued_token_type pct nfv_token ace_profile wallet_nonce
    """,
    lists="authorization_details",
    flags="upgraded",
    objects="cnf rs_cnf vp_token",
    numbers="expires_in",
)

# Whatever else is a parameter of OAuth: of requests to authorize or for a token, or between client and resource.
REQUEST_PARAMETERS = _names(
    """
    client_id client_secret response_type redirect_uri state code grant_type username password nonce display prompt
    max_age ui_locales claims_locales id_token_hint login_hint acr_values claims registration request request_uri
    assertion client_assertion client_assertion_type code_verifier code_challenge code_challenge_method claim_token rpt
    ticket vtr device_code resource audience requested_token_type subject_token subject_token_type actor_token
    actor_token_type response_mode iss sub aud exp nbf iat jti nonce1 nonce2 ace_client_recipientid
    ace_server_recipientid req_cnf dpop_jkt sign_info kdcchallenge trust_chain dcql_query client_metadata
    request_uri_method transaction_data response_uri verifier_info expected_origins ecdh_info kdc_dh_creds
    """
)
