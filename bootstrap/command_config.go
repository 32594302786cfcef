package bootstrap

import (
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strings"

	"github.com/spf13/cobra"
)

func newConfig(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print the settings that hold here, secrets hidden",
		Long:  "Print the settings that hold here, secrets hidden, as lines that a shell or an env file takes.\nIt fails if a setting is not right.",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			config, problems := ReadConfig(process.Environ)
			if err := problems.err(); err != nil {
				return err
			}
			return printConfig(process.Stdout, config)
		},
	}
}

// printConfig writes NAME=value lines. What comes from BETTER_AUTH_URL is
// shown where it takes effect.
func printConfig(to io.Writer, config Config) error {
	effective := reflect.ValueOf(config.derived())
	for _, setting := range settings() {
		value := show(effective.Field(setting.index).Interface())
		if _, isText := effective.Field(setting.index).Interface().(string); isText && setting.hidden && value != "" {
			value = "(hidden)"
		}
		if _, err := fmt.Fprintf(to, "%s=%s\n", setting.name, value); err != nil {
			return err
		}
	}
	return nil
}

// show gives a value as it would be set, but for passwords.
func show(value any) string {
	switch value := value.(type) {
	case List:
		return strings.Join(value, ",")
	case slog.Level:
		return strings.ToLower(value.String())
	}
	return fmt.Sprint(value)
}
