// golang.org/x/oauth2: Config.PasswordCredentialsToken with AuthStyleInParams, as its documentation names it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// A redirect of the token endpoint would take the password along.
var client = &http.Client{Timeout: 10 * time.Second, CheckRedirect: refuse}
var ctx = context.WithValue(context.Background(), oauth2.HTTPClient, client)

func refuse(*http.Request, []*http.Request) error {
	return http.ErrUseLastResponse
}

func discover(authority string) (string, error) {
	answer, err := client.Get(authority + "/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var document struct {
		Issuer        string `json:"issuer"`
		TokenEndpoint string `json:"token_endpoint"`
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("discovery answered %d", answer.StatusCode)
	}
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		return "", errors.New("discovery is not JSON")
	}
	if strings.TrimSuffix(document.Issuer, "/") != authority || document.TokenEndpoint == "" {
		return "", errors.New("the issuer is not the authority, or there is no token endpoint")
	}
	return document.TokenEndpoint, nil
}

func signIn(config *oauth2.Config) (*oauth2.Token, error) {
	token, err := config.PasswordCredentialsToken(ctx, os.Getenv("BLASTIQ_USERNAME"), os.Getenv("BLASTIQ_PASSWORD"))
	if refused := (*oauth2.RetrieveError)(nil); errors.As(err, &refused) {
		return nil, fmt.Errorf("sign-in refused: %s", refused.ErrorCode)
	}
	if err == nil && !strings.EqualFold(token.TokenType, "bearer") {
		return nil, errors.New("no bearer token")
	}
	return token, err
}

// Reads a token source once: with an access token gone, the library refreshes, and keeps the refresh token if none comes.
func renew(config *oauth2.Config, old *oauth2.Token) (*oauth2.Token, error) {
	if old.RefreshToken == "" {
		return signIn(config)
	}
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: old.RefreshToken}).Token()
	if refused := (*oauth2.RetrieveError)(nil); errors.As(err, &refused) && refused.Response.StatusCode == 400 {
		return signIn(config)
	}
	return token, err
}

func callAPI(token *oauth2.Token) (int, error) {
	request, err := http.NewRequest("GET", os.Getenv("BLASTIQ_API_URL"), nil)
	if err != nil {
		return 0, err
	}
	token.SetAuthHeader(request)
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
	config := &oauth2.Config{
		ClientID: os.Getenv("BLASTIQ_CLIENT_ID"),
		Endpoint: oauth2.Endpoint{TokenURL: endpoint, AuthStyle: oauth2.AuthStyleInParams},
	}
	token, err := signIn(config)
	calls, _ := strconv.Atoi(os.Getenv("BLASTIQ_API_CALLS"))
	for call := 0; call < calls && err == nil; call++ {
		if call > 0 {
			time.Sleep(time.Second)
		}
		var status int
		if status, err = callAPI(token); err == nil && status == http.StatusUnauthorized {
			if token, err = renew(config, token); err == nil {
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
