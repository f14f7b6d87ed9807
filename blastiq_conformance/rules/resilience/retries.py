"""How to set up the retries of well-known libraries so that no rule about retries fails.

BIQ802, BIQ803, BIQ805, BIQ809 and BIQ827 judge the same retries, so advice for one of them must not break another.
"""

from collections.abc import Mapping

FIXES: Mapping[str, str] = {
    "urllib3 Retry (requests)": "total=2, status_forcelist=(429, 500, 502, 503, 504), and a subclass whose "
    "get_backoff_time gives 2.0 ** len(self.history): it waits for Retry-After by itself, but its own first retry "
    "comes at once, whatever backoff_factor is",
    "tenacity": "stop_after_attempt(3), and a wait function of your own that returns the larger of what Retry-After "
    "asks for and 2 ** retry_state.attempt_number: tenacity reads no header",
    "got": "leave retry as it is (two retries, after 1 s and 2 s): it waits for Retry-After, and gives up where that "
    "is longer than maxRetryAfter or its timeout",
    "ky": "retry: {limit: 2, delay: attempt => 1000 * 2 ** attempt}, and no maxRetryAfter, which cuts the wait short",
    "axios-retry": "retries: 2, retryDelay: (count, error) => exponentialDelay(count, error, 1000), which waits for "
    "Retry-After as well",
    "OpenIddict": "UseSystemNetHttp().SetHttpResiliencePipeline(pipeline => pipeline.AddRetry(new "
    "HttpRetryStrategyOptions { MaxRetryAttempts = 2 })): without it there are five tries, and none waits for "
    "Retry-After",
}
