// golang.org/x/oauth2: Config.PasswordCredentialsToken without an AuthStyle; it tries a Basic header first.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"golang.org/x/oauth2"
)

func run() error {
	answer, err := http.Get(strings.TrimSuffix(os.Getenv("BLASTIQ_AUTHORITY"), "/") + "/.well-known/openid-configuration")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var document struct {
		TokenEndpoint string `json:"token_endpoint"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		return err
	}
	ctx := context.Background()
	config := &oauth2.Config{
		ClientID: os.Getenv("BLASTIQ_CLIENT_ID"),
		Endpoint: oauth2.Endpoint{TokenURL: document.TokenEndpoint},
	}
	token, err := config.PasswordCredentialsToken(ctx, os.Getenv("BLASTIQ_USERNAME"), os.Getenv("BLASTIQ_PASSWORD"))
	if err != nil {
		return fmt.Errorf("sign-in refused")
	}
	called, err := config.Client(ctx, token).Get(os.Getenv("BLASTIQ_API_URL"))
	if err == nil && called.StatusCode != http.StatusOK {
		err = fmt.Errorf("the API answered %d", called.StatusCode)
	}
	return err
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "BlastIQ:", err)
		os.Exit(1)
	}
}
