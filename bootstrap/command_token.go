package bootstrap

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func newToken(process Process) *cobra.Command {
	var user, email string
	var life time.Duration
	cmd := &cobra.Command{
		Use:   "token --user ID",
		Short: "Mint a token with BETTER_AUTH_SECRET, for scripts and first steps",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			config, problems := ReadConfig(process.Environ)
			if config.Secret == "" {
				problems.add("BETTER_AUTH_SECRET", "is not set; tokens are signed with it")
			}
			if err := problems.err(); err != nil {
				return err
			}
			token, err := mint(config, user, email, life)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(process.Stdout, token)
			return err
		},
	}
	cmd.Flags().StringVar(&user, "user", "", "id of the user whom the token is to speak for")
	cmd.Flags().StringVar(&email, "email", "", "mail address of that user")
	cmd.Flags().DurationVar(&life, "ttl", 15*time.Minute, "how long the token holds")
	if err := cmd.MarkFlagRequired("user"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// mint makes a token that a service with the same settings accepts.
func mint(config Config, userID, email string, life time.Duration) (string, error) {
	var user domain.User
	var err error
	if user.ID, err = domain.ParseUserID(userID); err != nil {
		return "", err
	}
	if email != "" {
		if user.Email, err = domain.ParseEmail(email); err != nil {
			return "", err
		}
	}
	issuer := jwtauth.SecretIssuer{Secret: config.Secret}
	if len(config.Issuers) > 0 {
		issuer.Issuer = config.Issuers[0]
	}
	if len(config.Audiences) > 0 {
		issuer.Audience = config.Audiences[0]
	}
	return issuer.Mint(user, life)
}
