/* libcurl: curl_easy_escape and CURLOPT_POSTFIELDS, as its http-post example shows; cJSON reads the answers. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static char body[1 << 17];
static size_t length;

static void fail(const char *what, long status) {
  fprintf(stderr, "BlastIQ: %s (%ld)\n", what, status);
  exit(1);
}

static size_t keep(char *data, size_t size, size_t count, void *unused) {
  (void)unused;
  if (length + size * count >= sizeof body) return 0;
  memcpy(body + length, data, size * count);
  length += size * count;
  return size * count;
}

static long ask(const char *url, const char *form, const char *header) {
  CURL *curl = curl_easy_init();
  struct curl_slist *headers = header ? curl_slist_append(NULL, header) : NULL;
  long status = 0;
  length = 0;
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  if (form) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
  if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  body[length] = 0;
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
  return status;
}

/* The string under this name in the answer, or an empty one; never freed, for the program ends soon. */
static const char *member(const char *name) {
  const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(cJSON_Parse(body), name));
  return text ? text : "";
}

static const char *discover(char *authority) {
  char url[2048];
  size_t end = strlen(authority);
  if (end && authority[end - 1] == '/') authority[--end] = 0;
  snprintf(url, sizeof url, "%s/.well-known/openid-configuration", authority);
  long status = ask(url, NULL, NULL);
  if (status != 200) fail("no discovery document", status);
  const char *issuer = member("issuer"), *endpoint = member("token_endpoint");
  if (strncmp(issuer, authority, end) || (strcmp(issuer + end, "") && strcmp(issuer + end, "/")))
    fail("the issuer is not the authority", status);
  if (!*endpoint) fail("discovery names no token endpoint", status);
  return endpoint;
}

static const char *sign_in(const char *endpoint) {
  char form[4096];
  snprintf(form, sizeof form, "grant_type=password&username=%s&password=%s&client_id=%s",
           curl_easy_escape(NULL, getenv("BLASTIQ_USERNAME"), 0), curl_easy_escape(NULL, getenv("BLASTIQ_PASSWORD"), 0),
           curl_easy_escape(NULL, getenv("BLASTIQ_CLIENT_ID"), 0));
  long status = ask(endpoint, form, NULL);
  if (status != 200) fail("sign-in refused", status);
  if (!*member("access_token") || strcasecmp(member("token_type"), "bearer")) fail("no bearer token", status);
  return member("access_token");
}

static long call_api(const char *token) {
  static char header[1 << 16];
  snprintf(header, sizeof header, "Authorization: Bearer %s", token);
  return ask(getenv("BLASTIQ_API_URL"), NULL, header);
}

int main(void) {
  if (!*getenv("BLASTIQ_USERNAME") || !*getenv("BLASTIQ_PASSWORD")) fail("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD", 0);
  const char *endpoint = discover(getenv("BLASTIQ_AUTHORITY")), *token = sign_in(endpoint);
  for (int call = 0; call < atoi(getenv("BLASTIQ_API_CALLS")); call++) {
    if (call) sleep(1);
    long status = call_api(token);
    if (status == 401) status = call_api(token = sign_in(endpoint));
    if (status != 200) fail("the API refuses", status);
  }
  return 0;
}
