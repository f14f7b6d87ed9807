// net/http, of Go's own library: http.Client.PostForm with url.Values, as its documentation shows; signs in again on 401.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

var client = &http.Client{
	Timeout: 10 * time.Second,
	// A redirect would carry the password on: none is followed.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func object(answer *http.Response, err error, what string) (map[string]any, error) {
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d", what, answer.StatusCode)
	}
	var document map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		return nil, fmt.Errorf("%s answered no JSON object", what)
	}
	return document, nil
}

func discover(authority string) (string, error) {
	answer, err := client.Get(authority + "/.well-known/openid-configuration")
	document, err := object(answer, err, "discovery")
	if err != nil {
		return "", err
	}
	issuer, _ := document["issuer"].(string)
	endpoint, _ := document["token_endpoint"].(string)
	if strings.TrimSuffix(issuer, "/") != authority || endpoint == "" {
		return "", errors.New("the issuer is not the authority, or there is no token endpoint")
	}
	if strings.HasPrefix(authority, "https:") && !strings.HasPrefix(endpoint, "https:") {
		return "", errors.New("the token endpoint is no https:// address")
	}
	return endpoint, nil
}

func signIn(endpoint string) (string, error) {
	answer, err := client.PostForm(endpoint, url.Values{
		"grant_type": {"password"},
		"username":   {os.Getenv("BLASTIQ_USERNAME")},
		"password":   {os.Getenv("BLASTIQ_PASSWORD")},
		"client_id":  {os.Getenv("BLASTIQ_CLIENT_ID")},
	})
	tokens, err := object(answer, err, "sign-in")
	if err != nil {
		return "", err
	}
	token, _ := tokens["access_token"].(string)
	kind, _ := tokens["token_type"].(string)
	if token == "" || !strings.EqualFold(kind, "bearer") {
		return "", errors.New("no bearer token")
	}
	return token, nil
}

func callAPI(token string) (int, error) {
	request, err := http.NewRequest("GET", os.Getenv("BLASTIQ_API_URL"), nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

func run() error {
	if os.Getenv("BLASTIQ_USERNAME") == "" || os.Getenv("BLASTIQ_PASSWORD") == "" {
		return errors.New("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
	}
	endpoint, err := discover(strings.TrimSuffix(os.Getenv("BLASTIQ_AUTHORITY"), "/"))
	if err != nil {
		return err
	}
	token, err := signIn(endpoint)
	calls, _ := strconv.Atoi(os.Getenv("BLASTIQ_API_CALLS"))
	for call := 0; call < calls && err == nil; call++ {
		if call > 0 {
			time.Sleep(time.Second)
		}
		var status int
		if status, err = callAPI(token); err == nil && status == http.StatusUnauthorized {
			if token, err = signIn(endpoint); err == nil {
				status, err = callAPI(token)
			}
		}
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("the API answered %d", status)
		}
	}
	return err
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "BlastIQ:", err)
		os.Exit(1)
	}
}
